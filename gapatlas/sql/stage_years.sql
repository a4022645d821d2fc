-- Every count of a source, place by place and year by year. Places and years that report nothing
-- have their rows too.
SELECT
    jurisdiction_id, place.name, year, stage, unit, count_low, count_high, status
FROM observation_total
JOIN place USING (jurisdiction_id)
WHERE source_id = $source_id
ORDER BY jurisdiction_id, stage, unit, year
