-- Every dataset with publisher, edition, terms and size.
SELECT * FROM dataset ORDER BY position
