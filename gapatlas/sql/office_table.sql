-- Every row and column of one table of an office's own database, SQLite or PostgreSQL.
-- {table} is its name, quoted.
SELECT * FROM {table}
