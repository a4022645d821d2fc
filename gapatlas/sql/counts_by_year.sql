-- One stage of one source, every place of some levels, year by year: reported, withheld or not.
SELECT
    jurisdiction_id,
    place.name,
    year,
    count_low,
    count_high,
    status
FROM observation_total
JOIN place USING (jurisdiction_id)
WHERE stage = $stage
    AND unit = $unit
    AND source_id = $source_id
    AND list_contains($levels, place.level)
ORDER BY jurisdiction_id, year
