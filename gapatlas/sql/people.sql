-- People of each place in $year, or in the last year before it that is known.
SELECT jurisdiction_id, max_by(population, year)::BIGINT AS people, max(year)::INTEGER AS year
FROM population
WHERE year <= $year
GROUP BY jurisdiction_id
ORDER BY jurisdiction_id
