-- Rows whose case is pending ($pending lists how the file writes it) and has ended all the same.
SELECT row, trim(year_ended) AS text
FROM case_row
WHERE list_contains($pending, outcome)
    AND regexp_matches(trim(year_ended), '^[0-9]{4}')
    AND NOT list_contains($unknown_ended, year_ended)
ORDER BY row
