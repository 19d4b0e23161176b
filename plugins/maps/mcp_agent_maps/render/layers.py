"""Which objects are drawn, and in which layer: data, from the ground up."""

from __future__ import annotations

from collections.abc import Mapping

AREAS: Mapping[str, Mapping[str, str]] = {
    "landuse": {
        "residential": "built", "commercial": "built", "retail": "built", "industrial": "industry",
        "railway": "industry", "construction": "industry", "military": "industry", "civil": "built",
        "grass": "grass", "meadow": "grass", "village_green": "grass", "recreation_ground": "grass",
        "flowerbed": "grass", "cemetery": "grass", "allotments": "grass", "farmland": "field", "farmyard": "field",
        "orchard": "field", "vineyard": "field", "forest": "wood", "basin": "water", "reservoir": "water",
        "pond": "water", "education": "campus", "religious": "campus",
    },
    "natural": {
        "wood": "wood", "scrub": "scrub", "heath": "scrub", "grassland": "grass", "wetland": "scrub", "beach": "sand",
        "sand": "sand", "bare_rock": "rock", "scree": "rock", "shingle": "sand", "water": "water", "bay": "water",
    },
    "leisure": {
        "park": "park", "garden": "park", "nature_reserve": "park", "golf_course": "park", "pitch": "pitch",
        "playground": "pitch", "track": "pitch", "sports_centre": "campus", "stadium": "campus",
        "swimming_pool": "water", "common": "grass", "dog_park": "grass",
    },
    "amenity": {
        "parking": "parking", "school": "campus", "university": "campus", "college": "campus", "hospital": "campus",
        "kindergarten": "campus", "grave_yard": "grass", "marketplace": "square",
    },
    "waterway": {"riverbank": "water", "dock": "water"},
    "highway": {"pedestrian": "square", "footway": "square", "platform": "square"},
    "place": {"square": "square", "island": "built", "islet": "built"},
    "railway": {"platform": "square", "station": "built"},
    "man_made": {"pier": "square", "bridge": "square"},
    "building": {},
}  # fmt: skip
"""Key and value of an area, and the fill that it gets. ``building`` has a rule of its own: each is drawn."""

LINES: Mapping[str, Mapping[str, str]] = {
    "natural": {"coastline": "coast", "tree_row": "trees", "cliff": "wall"},
    "waterway": {"river": "river", "canal": "river", "stream": "stream", "drain": "stream", "ditch": "stream"},
    "railway": {"rail": "rail", "light_rail": "rail", "subway": "metro", "tram": "tram", "narrow_gauge": "rail"},
    "route": {"ferry": "ferry"},
    "aeroway": {"runway": "runway", "taxiway": "runway"},
    "barrier": {"city_wall": "wall", "wall": "wall", "retaining_wall": "wall"},
}

AREA_KEYS, LINE_KEYS = tuple(AREAS), tuple(LINES)
_UNDERGROUND = ("yes", "culvert", "building_passage")


def area_of(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """(layer, kind) of an area, None where it is not drawn."""
    building = tags.get("building")
    if building and building != "no":
        return None if tags.get("location") == "underground" else ("building", building)
    if tags.get("highway") and tags.get("area") != "yes" and tags["highway"] != "platform":
        return None  # a closed way round something is a street
    if tags.get("location") == "underground" or tags.get("tunnel") == "yes":
        return None
    for key, fills in AREAS.items():
        fill = fills.get(tags.get(key, ""))
        if fill:
            return "area", fill
    return None


def line_layer_of(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """(layer, kind) of a line, None where it is not drawn."""
    if tags.get("area") == "yes":
        return None
    for key, kinds in LINES.items():
        kind = kinds.get(tags.get(key, ""))
        if kind:
            hidden = tags.get("tunnel") in _UNDERGROUND or tags.get("location") == "underground"
            return None if hidden and kind != "metro" else ("line", kind)
    return None
