-- Place by year of a dataset of indicators or flows: how many figures it holds.
WITH held AS (
    SELECT jurisdiction_id, year, status FROM indicator WHERE dataset_id = $dataset_id
    UNION ALL
    SELECT jurisdiction_id, year, status FROM flow WHERE dataset_id = $dataset_id
)
SELECT held.jurisdiction_id, place.name, held.year, count(*) AS figures
FROM held
JOIN place USING (jurisdiction_id)
WHERE held.status <> 'not_reported'
GROUP BY ALL
ORDER BY place.name, held.year
