-- Every table and view of a GeoPackage: its name, how it was made, and what it holds.
SELECT made.name, coalesce(made.sql, ''), coalesce(listed.data_type, '')
FROM sqlite_master AS made
LEFT JOIN gpkg_contents AS listed ON listed.table_name = made.name
WHERE made.type IN ('table', 'view')
