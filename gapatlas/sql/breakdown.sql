-- One stage by sex, age, form of exploitation, citizenship or another breakdown, as published.
SELECT
    jurisdiction_id, year, stage, unit, count_low, count_high, status,
    sex, age, dimension, category, part, note, source_id
FROM observation
WHERE stage = $stage
    AND unit = $unit
    AND source_id = $source_id
    AND dimension = $dimension
    AND year BETWEEN $year_from AND $year_to
    AND list_contains($jurisdictions, jurisdiction_id)
ORDER BY ALL
