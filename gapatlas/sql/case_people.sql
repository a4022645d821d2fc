-- One row per defendant: which pattern of place, year charged and outcome, and whom the key links
-- (-1: nobody).
SELECT
    hashed(concat_ws(chr(31), coalesce(place, ''), coalesce(year_charged, ''), coalesce(outcome, '')))
        AS pattern,
    CASE
        WHEN bare(coalesce(co_defendant_key, '')) IN ('', 'unknown', 'none') THEN -1
        ELSE hashed(bare(co_defendant_key))
    END AS network
FROM case_group
