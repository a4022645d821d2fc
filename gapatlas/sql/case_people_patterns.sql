-- The patterns of place, year charged and outcome that case_people names.
SELECT DISTINCT
    hash(place, year_charged, outcome) AS pattern, place, year_charged, outcome
FROM case_group
