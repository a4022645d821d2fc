-- Persons by the texts of the chosen {columns}: one row for each pattern that occurs.
SELECT {columns}, count(*) AS persons FROM case_group GROUP BY ALL
