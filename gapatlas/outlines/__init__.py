"""Room `outlines`: an analyst's boundary file -> a small TopoJSON whose shapes carry place ids.

GeoJSON, TopoJSON, shapefiles (also zipped) and GeoPackages, in any projection. A file is opened
as what its first bytes say that it is, and never leads to another file or address.
"""

from gapatlas.outlines.drawing import Outlines, outlines
from gapatlas.outlines.features import Features, is_boundary_file, read_features

__all__ = ["Features", "Outlines", "is_boundary_file", "outlines", "read_features"]
