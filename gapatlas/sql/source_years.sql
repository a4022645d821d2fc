-- First and last year in which each source reports each stage at all.
SELECT source_id, stage, unit, min(year)::INTEGER AS year_from, max(year)::INTEGER AS year_to
FROM observation_total
WHERE status IN ('exact', 'censored')
GROUP BY ALL
ORDER BY ALL
