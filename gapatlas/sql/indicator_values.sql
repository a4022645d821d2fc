-- Every value of an indicator, place by place in order of time.
SELECT
    indicator.jurisdiction_id, place.name, indicator.year, indicator.value, indicator.low,
    indicator.high, indicator.status, indicator.note
FROM indicator
JOIN place USING (jurisdiction_id)
WHERE indicator.indicator = $indicator
  AND indicator.source_id = $source_id
  AND ($jurisdictions IS NULL OR list_contains($jurisdictions, indicator.jurisdiction_id))
ORDER BY indicator.jurisdiction_id, indicator.year
