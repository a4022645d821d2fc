-- One stage divided by another stage of the same source, or by population, pooled over every
-- window of $window years that lies inside $year_from .. $year_to.
--
-- A year counts only where numerator and denominator are both reported. Counts are added,
-- ratios never. Bounds of censored counts (`<5`) are added as bounds.
--
-- What stands below the line of a year is the sum over $lag_weights of the counts of the same
-- year, the year before, ...; without a lag the weights are [1]. Such a sum varies less than a
-- count of its size: its effective count is the size of a plain count that varies as much.
WITH windows AS (
    SELECT first_year AS year_from, first_year + $window - 1 AS year_to
    FROM range($year_from, $year_to - $window + 2) AS years (first_year)
),

lags AS (
    SELECT *
    FROM (
        SELECT
            unnest($lag_weights) AS weight,
            generate_subscripts($lag_weights, 1) - 1 AS lag
    )
    WHERE weight > 0
),

drawn_on AS (
    SELECT
        jurisdiction_id,
        year + lag AS year,
        year AS counted_in,
        weight,
        count_low,
        count_high,
        status,
        denominator_source
    FROM denominator
    CROSS JOIN lags
    WHERE source_id = $source_id
        AND stage = $denominator_stage
        AND unit = $denominator_unit
),

below_the_line AS (
    SELECT
        jurisdiction_id,
        year,
        sum(weight * count_low) AS count_low,
        sum(weight * count_high) AS count_high,
        count(*) FILTER (WHERE status IN ('exact', 'censored'))
            = (SELECT count(*) FROM lags) AS usable,
        bool_or(status = 'censored') AS censored,
        bool_or(status = 'suppressed') AS suppressed,
        any_value(denominator_source) AS denominator_source
    FROM drawn_on
    GROUP BY ALL
),

place_year AS (
    SELECT
        numerator.jurisdiction_id,
        numerator.year,
        numerator.count_low AS numerator_low,
        numerator.count_high AS numerator_high,
        denominator.count_low AS denominator_low,
        denominator.count_high AS denominator_high,
        denominator.denominator_source,
        numerator.status IN ('exact', 'censored')
            AND coalesce(denominator.usable, false) AS usable,
        numerator.status = 'censored' OR denominator.censored AS censored,
        numerator.status = 'suppressed' OR denominator.suppressed AS suppressed,
        numerator.status IN ('exact', 'censored')
            AND denominator.jurisdiction_id IS NULL AS without_denominator
    FROM observation_total AS numerator
    JOIN place USING (jurisdiction_id)
    LEFT JOIN below_the_line AS denominator
        ON denominator.jurisdiction_id = numerator.jurisdiction_id
        AND denominator.year = numerator.year
    WHERE numerator.stage = $numerator_stage
        AND numerator.unit = $numerator_unit
        AND numerator.source_id = $source_id
        AND numerator.year BETWEEN $year_from AND $year_to
        AND list_contains($levels, place.level)
        AND ($jurisdictions IS NULL OR list_contains($jurisdictions, numerator.jurisdiction_id))
),

pooled AS (
    SELECT
        jurisdiction_id,
        windows.year_from,
        count(*) FILTER (WHERE usable) AS years_used,
        sum(numerator_low) FILTER (WHERE usable) AS numerator_low,
        sum(numerator_high) FILTER (WHERE usable) AS numerator_high,
        sum(denominator_low) FILTER (WHERE usable) AS denominator_low,
        sum(denominator_high) FILTER (WHERE usable) AS denominator_high,
        coalesce(bool_or(censored) FILTER (WHERE usable), false) AS any_censored,
        coalesce(bool_or(suppressed), false) AS any_suppressed,
        count(*) FILTER (WHERE suppressed) AS years_suppressed,
        count(*) FILTER (WHERE without_denominator) AS only_numerator,
        list_sort(list_distinct(list(denominator_source) FILTER (WHERE usable)))
            AS denominator_sources
    FROM place_year
    JOIN windows ON place_year.year BETWEEN windows.year_from AND windows.year_to
    GROUP BY ALL
),

-- How much of each year's count a window draws on; only a lag draws on one count twice.
drawn AS (
    SELECT
        jurisdiction_id,
        windows.year_from,
        counted_in,
        sum(weight) AS weight,
        any_value(drawn_on.count_low) AS count_low,
        any_value(drawn_on.count_high) AS count_high
    FROM place_year
    JOIN windows ON place_year.year BETWEEN windows.year_from AND windows.year_to
    JOIN drawn_on USING (jurisdiction_id, year)
    WHERE usable AND len($lag_weights) > 1
    GROUP BY jurisdiction_id, windows.year_from, counted_in
),

spread AS (
    SELECT
        jurisdiction_id,
        year_from,
        sum(weight * weight * count_low) AS variance_low,
        sum(weight * weight * count_high) AS variance_high
    FROM drawn
    GROUP BY ALL
),

wanted AS (
    SELECT jurisdiction_id, name
    FROM place
    WHERE list_contains($levels, level)
        AND CASE
            WHEN $jurisdictions IS NULL
                THEN jurisdiction_id IN (
                    SELECT jurisdiction_id FROM observation_total WHERE source_id = $source_id
                )
            ELSE list_contains($jurisdictions, jurisdiction_id)
        END
)

SELECT
    wanted.jurisdiction_id,
    wanted.name,
    windows.year_from,
    windows.year_to,
    numerator_low::BIGINT AS numerator_low,
    numerator_high::BIGINT AS numerator_high,
    denominator_low::DOUBLE AS denominator_low,
    denominator_high::DOUBLE AS denominator_high,
    least(
        coalesce(
            denominator_low * denominator_low / nullif(variance_low, 0), nullif(denominator_low, 0)
        ),
        coalesce(denominator_high * denominator_high / nullif(variance_high, 0), denominator_high)
    )::DOUBLE AS effective_denominator,
    CASE
        WHEN coalesce(years_used, 0) > 0 AND any_censored THEN 'censored'
        WHEN coalesce(years_used, 0) > 0 THEN 'exact'
        WHEN any_suppressed THEN 'suppressed'
        ELSE 'not_reported'
    END AS status,
    $source_id AS source_id,
    coalesce(years_used, 0)::INTEGER AS years_used,
    coalesce(years_suppressed, 0)::INTEGER AS years_suppressed,
    coalesce(only_numerator, 0)::INTEGER AS years_without_denominator,
    array_to_string(denominator_sources, ' ') AS denominator_sources
FROM wanted
CROSS JOIN windows
LEFT JOIN pooled
    ON pooled.jurisdiction_id = wanted.jurisdiction_id
    AND pooled.year_from = windows.year_from
LEFT JOIN spread
    ON spread.jurisdiction_id = wanted.jurisdiction_id
    AND spread.year_from = windows.year_from
ORDER BY
    coalesce(list_position($jurisdictions, wanted.jurisdiction_id), 0),
    wanted.jurisdiction_id,
    windows.year_from
