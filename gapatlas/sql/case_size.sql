-- How many rows a case file has.
SELECT count(*) AS rows FROM case_text
