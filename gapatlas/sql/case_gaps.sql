-- How many cases have both years, how many of them took $years years or more, and how many would
-- have ended that long before they began.
WITH timed AS (
    SELECT
        TRY_CAST(left(bare(year_charged), 4) AS INTEGER) AS charged,
        TRY_CAST(left(bare(year_ended), 4) AS INTEGER) AS ended
    FROM case_text
)
SELECT
    count(*) AS cases,
    count(*) FILTER (WHERE ended - charged >= $years) AS slow,
    count(*) FILTER (WHERE charged - ended >= $years) AS backward
FROM timed
WHERE charged IS NOT NULL AND ended IS NOT NULL
