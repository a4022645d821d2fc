-- For each place and year of a source: how many of its stages are reported.
SELECT
    jurisdiction_id,
    place.name,
    place.region,
    year,
    count(*) FILTER (WHERE status IN ('exact', 'censored'))::INTEGER AS stages_reported,
    count(*)::INTEGER AS stages,
    coalesce(
        string_agg(stage || ' (' || unit || ')', ', ' ORDER BY stage, unit)
        FILTER (WHERE status IN ('exact', 'censored')),
        ''
    ) AS which
FROM observation_total
JOIN place USING (jurisdiction_id)
WHERE source_id = $source_id
GROUP BY ALL
ORDER BY jurisdiction_id, year
