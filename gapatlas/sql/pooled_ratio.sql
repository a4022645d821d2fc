-- One stage divided by another stage of the same source, or by population, pooled over every
-- window of $window years that lies inside $year_from .. $year_to.
--
-- A year counts only where numerator and denominator are both reported. Counts are added,
-- ratios never. Bounds of censored counts (`<5`) are added as bounds.
WITH windows AS (
    SELECT first_year AS year_from, first_year + $window - 1 AS year_to
    FROM range($year_from, $year_to - $window + 2) AS years (first_year)
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
            AND coalesce(denominator.status IN ('exact', 'censored'), false) AS usable,
        numerator.status = 'censored' OR denominator.status = 'censored' AS censored,
        numerator.status = 'suppressed' OR denominator.status = 'suppressed' AS suppressed,
        numerator.status IN ('exact', 'censored')
            AND denominator.jurisdiction_id IS NULL AS without_denominator
    FROM observation_total AS numerator
    JOIN place USING (jurisdiction_id)
    LEFT JOIN denominator
        ON denominator.jurisdiction_id = numerator.jurisdiction_id
        AND denominator.source_id = numerator.source_id
        AND denominator.year = numerator.year
        AND denominator.stage = $denominator_stage
        AND denominator.unit = $denominator_unit
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
    denominator_low::BIGINT AS denominator_low,
    denominator_high::BIGINT AS denominator_high,
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
ORDER BY
    coalesce(list_position($jurisdictions, wanted.jurisdiction_id), 0),
    wanted.jurisdiction_id,
    windows.year_from
