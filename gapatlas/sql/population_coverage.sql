-- For each place and year of a population dataset: whether it has a figure.
SELECT jurisdiction_id, place.name, place.region, year, population, population_all.status
FROM population_all
JOIN place USING (jurisdiction_id)
WHERE dataset_id = $dataset_id
ORDER BY jurisdiction_id, year
