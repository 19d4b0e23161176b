"""What makes something a place, how much it matters, and what to call it."""

from __future__ import annotations

from collections.abc import Mapping

ANY: frozenset[str] = frozenset()

KEYS: Mapping[str, frozenset[str]] = {
    "amenity": ANY,
    "shop": ANY,
    "tourism": ANY,
    "leisure": ANY,
    "office": ANY,
    "craft": ANY,
    "healthcare": ANY,
    "historic": ANY,
    "place": ANY,
    "aeroway": ANY,
    "club": ANY,
    "railway": frozenset({"station", "halt", "tram_stop", "subway_entrance"}),
    "public_transport": frozenset({"station", "platform"}),
    "highway": frozenset({"bus_stop", "rest_area", "services", "street"}),
    "natural": frozenset({"peak", "beach", "water", "bay", "spring", "cave_entrance", "wood", "cliff", "volcano"}),
    "man_made": frozenset({"tower", "lighthouse", "windmill", "pier", "observatory", "water_tower", "obelisk"}),
    "emergency": frozenset({"defibrillator", "phone", "assembly_point", "ambulance_station"}),
    "boundary": frozenset({"administrative", "national_park", "protected_area"}),
}
"""The keys of OpenStreetMap that make an object a place, with the values that do; ANY of them where none is named."""

ADDRESS, STREET, NAMED_BUILDING = ("addr", "yes"), ("highway", "street"), ("building", "yes")
"""Three kinds of ours: an address, a whole street, and a building that has a name."""

READ_KEYS = (*KEYS, "addr:housenumber", "building")

_IMPORTANCE: Mapping[str, float] = {
    "place=city": 0.95, "place=town": 0.85, "place=village": 0.75, "place=suburb": 0.7, "place=quarter": 0.65,
    "place=neighbourhood": 0.6, "place=island": 0.6, "place=square": 0.55, "boundary": 0.7, "railway=station": 0.65,
    "public_transport=station": 0.6, "highway=street": 0.5, "aeroway": 0.5, "tourism": 0.5, "historic": 0.45,
    "amenity=university": 0.5, "amenity=hospital": 0.5, "amenity=theatre": 0.5, "amenity=library": 0.45,
    "leisure=park": 0.5, "natural": 0.4, "man_made": 0.4, "building": 0.3, "addr": 0.2, "railway=subway_entrance": 0.2,
    "tourism=information": 0.2,
}  # fmt: skip
_ORDINARY = 0.35
_KNOWN_WORLDWIDE = 0.15
"""An object that Wikidata or Wikipedia knows matters to more people."""

_WORDS: Mapping[str, str] = {
    "addr=yes": "address", "highway=street": "street", "building=yes": "building",
    "boundary=administrative": "district",
    "amenity=place_of_worship": "place of worship", "highway=bus_stop": "bus stop",
    "railway=station": "railway station", "railway=halt": "railway station",
    "railway=subway_entrance": "metro entrance", "public_transport=platform": "stop",
    "public_transport=station": "station", "tourism=attraction": "sight", "amenity=fuel": "petrol station",
    "amenity=parking": "car park", "tourism=information": "tourist information", "amenity=pub": "pub",
    "office=yes": "office", "historic=yes": "historic place", "amenity=taxi": "taxi rank",
}  # fmt: skip
_SUFFIX = {"shop": " shop", "office": " office", "craft": " workshop"}
_WHOLE = frozenset({
    "supermarket", "bakery", "butcher", "mall", "department_store", "florist", "hairdresser", "kiosk", "greengrocer",
    "optician", "chemist", "laundry", "tailor", "brewery", "confectionery",
})  # fmt: skip
"""Values that say without their key what they are."""


def kinds_of(tags: Mapping[str, str]) -> list[tuple[str, str]]:
    """Everything that an object is, the most telling first; nothing where it is no place."""
    found = [
        (key, value)
        for key, allowed in KEYS.items()
        if key in tags
        for value in map(str.strip, tags[key].split(";"))
        if value and value != "no" and (allowed is ANY or value in allowed)
    ]
    if not found and "building" in tags and "name" in tags:
        found.append(NAMED_BUILDING)
    if "addr:housenumber" in tags:
        found.append(ADDRESS)
    return found


def importance(tags: Mapping[str, str], kinds: list[tuple[str, str]]) -> float:
    """From 0 to 1: which of two places of one name is more likely to be meant."""
    most = max(_IMPORTANCE.get(f"{key}={value}", _IMPORTANCE.get(key, _ORDINARY)) for key, value in kinds)
    return min(1.0, most + (_KNOWN_WORLDWIDE if "wikidata" in tags or "wikipedia" in tags else 0.0))


def word_for(kinds: list[tuple[str, str]]) -> str:
    """What a person would call it: ``cafe``, ``clothes shop``, ``railway station``."""
    key, value = kinds[0]
    known = _WORDS.get(f"{key}={value}")
    if known:
        return known
    plain = value.replace("_", " ")
    if plain == "yes":
        return key.replace("_", " ")
    return plain if value in _WHOLE else plain + _SUFFIX.get(key, "")
