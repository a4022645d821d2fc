-- First and last year in which each source reports each stage, for places of each level; the
-- years that it covers where it reports nothing.
SELECT
    source_id,
    level,
    stage,
    unit,
    bool_or(reported) AS any_reported,
    coalesce(min(year) FILTER (WHERE reported), min(year))::INTEGER AS year_from,
    coalesce(max(year) FILTER (WHERE reported), max(year))::INTEGER AS year_to
FROM (
    SELECT *, status IN ('exact', 'censored') AS reported
    FROM observation_total
    JOIN place USING (jurisdiction_id)
)
GROUP BY ALL
ORDER BY ALL
