-- Rows that end before they begin: by date where both cells are dates, else by year.
WITH timed AS (
    SELECT
        row, year_charged, year_ended,
        CASE
            WHEN regexp_matches(year_charged, '^[0-9]{4}-') AND regexp_matches(year_ended, '^[0-9]{4}-')
            THEN 10 ELSE 4
        END AS letters
    FROM case_row
    WHERE regexp_matches(year_charged, '^[0-9]{4}(-.*|\.0+)?$')
        AND regexp_matches(year_ended, '^[0-9]{4}(-.*|\.0+)?$')
        AND NOT list_contains($unknown_charged, year_charged)
        AND NOT list_contains($unknown_ended, year_ended)
)
SELECT row, left(year_charged, 4) AS charged, left(year_ended, 4) AS ended
FROM timed
WHERE left(year_ended, letters) < left(year_charged, letters)
ORDER BY row
