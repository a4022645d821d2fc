-- The rows of one dataset in a table $name of cases.
FROM query_table($name) WHERE dataset_id = $dataset_id ORDER BY row
