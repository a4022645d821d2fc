-- Every stage that a place reports or leaves out, year by year, source by source.
SELECT jurisdiction_id, year, stage, unit, count_low, count_high, status, source_id
FROM observation_total
WHERE list_contains($jurisdictions, jurisdiction_id)
    AND ($source_id IS NULL OR source_id = $source_id)
ORDER BY jurisdiction_id, source_id, stage, unit, year
