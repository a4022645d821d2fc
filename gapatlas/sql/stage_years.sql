-- Every count of a source by place, stage, unit and year.
SELECT jurisdiction_id, place.name, place.level, year, stage, unit, count_low, count_high, status
FROM observation_total
JOIN place USING (jurisdiction_id)
WHERE source_id = $source_id
ORDER BY jurisdiction_id, stage, unit, year
