-- Every count of a source in the last year that it covers, place by place.
SELECT
    jurisdiction_id, place.name, place.level, stage, unit, count_low, count_high, status
FROM observation_total
JOIN place USING (jurisdiction_id)
WHERE source_id = $source_id
    AND year = (SELECT max(year) FROM observation_total WHERE source_id = $source_id)
ORDER BY place.name, stage
