-- Place and years that count at least $at_least in the stage below the line, and whether they
-- report the stage above it.
SELECT
    below.jurisdiction_id,
    place.name,
    place.region,
    below.year,
    below.count_low,
    below.count_high,
    coalesce(above.status, 'not_reported') AS status
FROM observation_total AS below
JOIN place USING (jurisdiction_id)
LEFT JOIN observation_total AS above
    ON above.jurisdiction_id = below.jurisdiction_id
    AND above.source_id = below.source_id
    AND above.year = below.year
    AND above.stage = $numerator_stage
    AND above.unit = $numerator_unit
WHERE below.stage = $denominator_stage
    AND below.unit = $denominator_unit
    AND below.source_id = $source_id
    AND below.count_low >= $at_least
    AND list_contains($levels, place.level)
ORDER BY place.name, below.year
