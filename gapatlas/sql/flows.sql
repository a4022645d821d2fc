-- Counts of one stage by citizenship, as published.
SELECT
    jurisdiction_id, year, unit, origin_kind, origin_id, label, count_low, count_high, status
FROM flow
WHERE source_id = $source_id AND stage = $stage
ORDER BY jurisdiction_id, year, label
