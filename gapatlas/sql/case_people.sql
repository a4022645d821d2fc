-- One row per defendant: which pattern of place, year charged and outcome, and whom the key links
-- (-1: nobody).
SELECT
    hash(place, year_charged, outcome) AS pattern,
    CASE
        WHEN trim(coalesce(co_defendant_key, '')) IN ('', 'unknown', 'none') THEN -1
        ELSE CAST(hash(trim(co_defendant_key)) >> 1 AS BIGINT)
    END AS network
FROM case_group
