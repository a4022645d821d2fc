-- What each map of an analyst's own boundaries draws, as TopoJSON.
SELECT map_id, topology FROM outline
