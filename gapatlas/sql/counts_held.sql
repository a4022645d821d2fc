-- What each count that pages show is of: of those that the source withheld ($suppressed), or of
-- all others that have a figure.
SELECT 'total' AS kind, source_id, jurisdiction_id, year, stage, unit, '' AS label, '' AS origin
FROM observation_total
WHERE (status = 'suppressed') = $suppressed AND status != 'not_reported'
UNION ALL
SELECT 'flow', source_id, jurisdiction_id, year, stage, unit, label, coalesce(origin_id, '')
FROM flow
WHERE (status = 'suppressed') = $suppressed AND status != 'not_reported'
