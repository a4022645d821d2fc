-- The same as case_groups for rows that are drawn by chance, the same in every run.
SELECT {columns}, count(*) AS persons
FROM case_group_row
WHERE mixed(row) < $below
GROUP BY ALL
