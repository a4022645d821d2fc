-- One stage of one source, added up over the years $year_from .. $year_to, place by place. A
-- withheld count is a reported one: the source has it.
SELECT
    jurisdiction_id,
    place.name,
    sum(count_low)::BIGINT AS count_low,
    sum(count_high)::BIGINT AS count_high,
    count(*) FILTER (WHERE status <> 'not_reported')::INTEGER AS years_reported
FROM observation_total
JOIN place USING (jurisdiction_id)
WHERE stage = $stage
    AND unit = $unit
    AND source_id = $source_id
    AND year BETWEEN $year_from AND $year_to
GROUP BY ALL
ORDER BY jurisdiction_id
