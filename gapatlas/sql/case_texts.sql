-- The different texts of one {column} of a case file, with the number of rows of each; at most
-- $most.
SELECT {column} AS text, count(*) AS rows FROM case_text GROUP BY ALL LIMIT $most
