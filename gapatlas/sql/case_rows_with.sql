-- Rows of a case file whose cell in one {column} is one of $texts, in the order of the file.
WITH cell AS (SELECT row, coalesce({column}, '') AS text FROM case_row)
SELECT row, text FROM cell WHERE array_contains($texts, text) ORDER BY row LIMIT $most
