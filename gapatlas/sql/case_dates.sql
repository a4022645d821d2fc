-- Rows that end before they begin: by date where both cells are dates, else by year.
WITH dated AS (
    SELECT row, bare(year_charged) AS year_charged, bare(year_ended) AS year_ended
    FROM case_row
    WHERE NOT array_contains($unknown_charged, year_charged)
        AND NOT array_contains($unknown_ended, year_ended)
),
timed AS (
    SELECT
        row, year_charged, year_ended,
        CASE
            WHEN regexp_like(year_charged, '^[0-9]{4}-') AND regexp_like(year_ended, '^[0-9]{4}-')
            THEN 10 ELSE 4
        END AS letters
    FROM dated
    WHERE regexp_like(year_charged, '^[0-9]{4}(-.*|[.]0+)?$')
        AND regexp_like(year_ended, '^[0-9]{4}(-.*|[.]0+)?$')
)
SELECT row, left(year_charged, 4) AS charged, left(year_ended, 4) AS ended
FROM timed
WHERE left(year_ended, letters) < left(year_charged, letters)
ORDER BY row
