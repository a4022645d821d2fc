-- How many bodies report behind a source's figures, by place and year.
SELECT jurisdiction_id, place.name, year, reporter, reporters, source_id
FROM coverage
JOIN place USING (jurisdiction_id)
WHERE source_id = $source_id
    AND ($jurisdictions IS NULL OR list_contains($jurisdictions, jurisdiction_id))
ORDER BY jurisdiction_id, year
