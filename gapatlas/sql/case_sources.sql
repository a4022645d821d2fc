-- Every dataset of cases: what its figures are and rest on.
SELECT case_source.*, dataset.short, dataset.title
FROM case_source JOIN dataset USING (dataset_id)
ORDER BY dataset.position
