-- Rows of a defendant who stands in an earlier row already. Keys are compared by their hash first,
-- so that ten million of them fit into memory; the keys themselves are not given out.
WITH twice AS (
    SELECT hashed(bare(defendant_key)) AS hash
    FROM case_text
    WHERE bare(defendant_key) <> ''
    GROUP BY ALL
    HAVING count(*) > 1
),
found AS (
    SELECT row, bare(defendant_key) AS defendant_key, coalesce(outcome, '') AS outcome
    FROM case_row
    WHERE bare(defendant_key) <> '' AND hashed(bare(defendant_key)) IN (SELECT hash FROM twice)
),
ordered AS (
    SELECT
        row, outcome,
        first_value(row) OVER earlier AS first_row,
        first_value(outcome) OVER earlier AS first_outcome
    FROM found
    WINDOW earlier AS (PARTITION BY defendant_key ORDER BY row)
)
SELECT row, outcome, first_row, first_outcome FROM ordered WHERE row > first_row ORDER BY row
