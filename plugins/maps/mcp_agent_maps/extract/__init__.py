"""A ``.osm.pbf`` file becomes one SQLite file: places, names, shapes, streets and turns."""
