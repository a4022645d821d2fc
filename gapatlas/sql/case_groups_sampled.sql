-- The same as case_groups for $drawn of $parts parts of the rows, the same rows in every run.
SELECT COLUMNS($columns), count(*) AS persons
FROM case_group
WHERE hash(row) % $parts < $drawn
GROUP BY ALL
