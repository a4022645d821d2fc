-- The different texts of one {column} in rows that are drawn by chance, with the number of rows of
-- each. Empty cells are left out.
SELECT {column} AS text, count(*) AS rows
FROM case_row
WHERE {column} <> '' AND mixed(row) < $below
GROUP BY ALL
