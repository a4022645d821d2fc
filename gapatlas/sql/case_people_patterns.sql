-- The patterns of place, year charged and outcome that case_people names.
SELECT DISTINCT
    hashed(concat_ws(chr(31), coalesce(place, ''), coalesce(year_charged, ''), coalesce(outcome, '')))
        AS pattern,
    coalesce(place, '') AS place,
    coalesce(year_charged, '') AS year_charged,
    coalesce(outcome, '') AS outcome
FROM case_group
