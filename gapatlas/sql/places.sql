-- Every place with its codes and what shapes draw it.
SELECT * FROM place ORDER BY jurisdiction_id
