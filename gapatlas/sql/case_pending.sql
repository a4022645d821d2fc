-- Rows whose case is pending ($pending lists how the file writes it) and has ended all the same.
SELECT row, bare(year_ended) AS text
FROM case_row
WHERE array_contains($pending, outcome)
    AND regexp_like(bare(year_ended), '^[0-9]{4}')
    AND NOT array_contains($unknown_ended, year_ended)
ORDER BY row
