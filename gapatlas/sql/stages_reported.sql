-- For each place and stage of a source: in how many of the years $year_from .. $year_to it gives a
-- figure, and in how many the source asked for one. A withheld count is a reported one.
SELECT
    jurisdiction_id,
    place.name,
    place.region,
    stage,
    unit,
    count(*) FILTER (WHERE status <> 'not_reported')::INTEGER AS years_reported,
    count(*)::INTEGER AS years_asked
FROM observation_total
JOIN place USING (jurisdiction_id)
WHERE source_id = $source_id
    AND year BETWEEN $year_from AND $year_to
    AND list_contains($levels, place.level)
GROUP BY ALL
ORDER BY jurisdiction_id, stage, unit
