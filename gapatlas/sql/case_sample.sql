-- A share of the different texts of one column, with the number of rows of each, the same in every
-- run: from a long file every $step-th text by its hash. Empty cells are left out.
WITH cell AS (SELECT COLUMNS([$column]) AS text FROM case_text)
SELECT text, count(*) AS rows
FROM cell
WHERE text <> '' AND hash(text) % $step = 0
GROUP BY text
