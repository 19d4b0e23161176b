"""What people look for, in plain words, and the tags of OpenStreetMap that mean it."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping

from mcp_agent import ToolError

Tag = tuple[str, str]
"""Key and value; ``*`` for every value of the key."""

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    # food and drink
    "cafe": ("amenity=cafe",),
    "restaurant": ("amenity=restaurant", "amenity=food_court"),
    "fast food": ("amenity=fast_food",),
    "bar": ("amenity=bar", "amenity=pub", "amenity=biergarten"),
    "pub": ("amenity=pub", "amenity=biergarten"),
    "nightclub": ("amenity=nightclub",),
    "ice cream": ("amenity=ice_cream", "shop=ice_cream"),
    "food": ("amenity=restaurant", "amenity=cafe", "amenity=fast_food", "amenity=food_court", "amenity=ice_cream"),
    "drinking water": ("amenity=drinking_water",),
    # shops
    "supermarket": ("shop=supermarket",),
    "convenience store": ("shop=convenience", "shop=kiosk"),
    "bakery": ("shop=bakery",),
    "butcher": ("shop=butcher",),
    "clothes shop": ("shop=clothes", "shop=boutique"),
    "shoe shop": ("shop=shoes",),
    "bookshop": ("shop=books",),
    "electronics shop": ("shop=electronics", "shop=computer", "shop=mobile_phone"),
    "hardware store": ("shop=hardware", "shop=doityourself"),
    "florist": ("shop=florist",),
    "hairdresser": ("shop=hairdresser",),
    "chemist": ("shop=chemist", "shop=cosmetics"),
    "optician": ("shop=optician",),
    "bicycle shop": ("shop=bicycle",),
    "toy shop": ("shop=toys",),
    "department store": ("shop=department_store",),
    "shopping centre": ("shop=mall",),
    "liquor store": ("shop=alcohol", "shop=wine", "shop=beverages"),
    "laundry": ("shop=laundry", "shop=dry_cleaning"),
    "market": ("amenity=marketplace",),
    "shop": ("shop=*",),
    # health
    "pharmacy": ("amenity=pharmacy", "healthcare=pharmacy"),
    "hospital": ("amenity=hospital", "healthcare=hospital"),
    "doctor": ("amenity=doctors", "amenity=clinic", "healthcare=doctor", "healthcare=clinic"),
    "dentist": ("amenity=dentist", "healthcare=dentist"),
    "vet": ("amenity=veterinary",),
    "defibrillator": ("emergency=defibrillator",),
    # money, post, public services
    "bank": ("amenity=bank",),
    "cash machine": ("amenity=atm",),
    "currency exchange": ("amenity=bureau_de_change",),
    "post office": ("amenity=post_office",),
    "post box": ("amenity=post_box",),
    "police": ("amenity=police",),
    "fire station": ("amenity=fire_station",),
    "town hall": ("amenity=townhall",),
    "embassy": ("amenity=embassy", "office=diplomatic"),
    "toilets": ("amenity=toilets",),
    "bench": ("amenity=bench",),
    "recycling": ("amenity=recycling",),
    # learning and faith
    "school": ("amenity=school",),
    "kindergarten": ("amenity=kindergarten",),
    "university": ("amenity=university", "amenity=college"),
    "library": ("amenity=library",),
    "place of worship": ("amenity=place_of_worship",),
    # going out, seeing
    "museum": ("tourism=museum",),
    "gallery": ("tourism=gallery", "amenity=arts_centre"),
    "theatre": ("amenity=theatre",),
    "cinema": ("amenity=cinema",),
    "sight": ("tourism=attraction", "tourism=viewpoint", "historic=*"),
    "viewpoint": ("tourism=viewpoint",),
    "artwork": ("tourism=artwork", "amenity=artwork"),
    "monument": ("historic=monument", "historic=memorial"),
    "castle": ("historic=castle", "historic=fort"),
    "zoo": ("tourism=zoo", "tourism=aquarium"),
    "tourist information": ("tourism=information",),
    # staying
    "hotel": ("tourism=hotel", "tourism=motel"),
    "hostel": ("tourism=hostel", "tourism=guest_house"),
    "camp site": ("tourism=camp_site", "tourism=caravan_site"),
    "apartment": ("tourism=apartment",),
    # outdoors and sport
    "park": ("leisure=park", "leisure=garden"),
    "playground": ("leisure=playground",),
    "sports centre": ("leisure=sports_centre", "leisure=stadium"),
    "gym": ("leisure=fitness_centre", "leisure=fitness_station"),
    "swimming": ("leisure=swimming_pool", "leisure=swimming_area", "natural=beach"),
    "sauna": ("leisure=sauna",),
    "picnic site": ("tourism=picnic_site", "leisure=picnic_table"),
    # getting around
    "bus stop": ("highway=bus_stop", "amenity=bus_station"),
    "tram stop": ("railway=tram_stop",),
    "railway station": ("railway=station", "railway=halt"),
    "metro": ("railway=subway_entrance",),
    "public transport": (
        "highway=bus_stop", "railway=tram_stop", "railway=station", "railway=subway_entrance", "amenity=bus_station",
        "amenity=ferry_terminal",
    ),
    "ferry": ("amenity=ferry_terminal",),
    "airport": ("aeroway=aerodrome", "aeroway=terminal"),
    "taxi": ("amenity=taxi",),
    "car park": ("amenity=parking",),
    "bicycle parking": ("amenity=bicycle_parking",),
    "bicycle rental": ("amenity=bicycle_rental",),
    "car rental": ("amenity=car_rental", "amenity=car_sharing"),
    "petrol station": ("amenity=fuel",),
    "charging station": ("amenity=charging_station",),
}  # fmt: skip

OTHER_WORDS: Mapping[str, str] = {
    "coffee": "cafe", "coffee shop": "cafe", "tea": "cafe", "kahvila": "cafe", "eat": "food", "lunch": "food",
    "dinner": "restaurant", "ravintola": "restaurant", "takeaway": "fast food", "burger": "fast food", "beer": "bar",
    "drinks": "bar", "baari": "bar", "club": "nightclub", "groceries": "supermarket", "grocery store": "supermarket",
    "grocery": "supermarket", "ruokakauppa": "supermarket", "kiosk": "convenience store", "bread": "bakery",
    "clothes": "clothes shop", "shoes": "shoe shop", "books": "bookshop", "book store": "bookshop",
    "electronics": "electronics shop", "diy": "hardware store", "tools": "hardware store", "flowers": "florist",
    "haircut": "hairdresser", "barber": "hairdresser", "glasses": "optician", "bike shop": "bicycle shop",
    "toys": "toy shop", "mall": "shopping centre", "shopping mall": "shopping centre", "wine": "liquor store",
    "drugstore": "pharmacy", "apteekki": "pharmacy", "apotheke": "pharmacy", "medicine": "pharmacy",
    "physician": "doctor", "clinic": "doctor", "aed": "defibrillator", "atm": "cash machine", "cash": "cash machine",
    "money": "cash machine", "mail": "post office", "mailbox": "post box", "toilet": "toilets", "wc": "toilets",
    "restroom": "toilets", "bathroom": "toilets", "church": "place of worship", "mosque": "place of worship",
    "synagogue": "place of worship", "temple": "place of worship", "movies": "cinema", "film": "cinema",
    "theater": "theatre", "sightseeing": "sight", "attraction": "sight", "landmark": "sight", "memorial": "monument",
    "art": "gallery", "accommodation": "hotel", "guest house": "hostel", "camping": "camp site", "garden": "park",
    "green": "park", "gym and fitness": "gym", "fitness": "gym", "pool": "swimming", "beach": "swimming",
    "bus": "bus stop", "tram": "tram stop", "train": "railway station", "train station": "railway station",
    "station": "railway station", "subway": "metro", "underground": "metro", "transit": "public transport",
    "transport": "public transport", "parking": "car park", "bike parking": "bicycle parking",
    "bike rental": "bicycle rental", "city bikes": "bicycle rental", "gas station": "petrol station",
    "fuel": "petrol station", "petrol": "petrol station", "ev charger": "charging station",
    "charger": "charging station", "kids": "playground", "daycare": "kindergarten", "college": "university",
    "water": "drinking water", "information": "tourist information",
}  # fmt: skip

_TAG = re.compile(r"([a-z_:]{2,40})=([\w:*-]{1,60})")


def tags_for(words: str) -> tuple[Tag, ...]:
    """What the words mean: a category, another word for one, or a tag such as ``shop=tea``. Raises ToolError."""
    asked = " ".join(_plain(words).replace("_", " ").split())
    raw = _TAG.fullmatch(words.strip().lower())
    if raw:
        return ((raw[1], raw[2]),)
    for word in (asked, asked.removesuffix("s"), asked.removesuffix("es"), f"{asked.removesuffix('ies')}y"):
        name = word if word in CATEGORIES else OTHER_WORDS.get(word)
        if name:
            return tuple(_split(tag) for tag in CATEGORIES[name])
    near = difflib.get_close_matches(asked, [*CATEGORIES, *OTHER_WORDS], n=3, cutoff=0.6)
    hint = f"Did you mean {' or '.join(near)}?" if near else "Try one of: cafe, supermarket, pharmacy, park, bus stop."
    raise ToolError(f"There is no category {words!r}.", hint=f"{hint} A tag of OpenStreetMap works too: shop=tea.")


def _plain(words: str) -> str:
    """Small letters without accents: cafés are cafes."""
    return "".join(one for one in unicodedata.normalize("NFKD", words.lower()) if unicodedata.category(one) != "Mn")


def _split(tag: str) -> Tag:
    key, _, value = tag.partition("=")
    return key, value


GROUPS: Mapping[str, tuple[str, ...]] = {
    "food and drink": ("food", "bar", "nightclub"),
    "groceries": ("supermarket", "convenience store", "bakery", "market"),
    "other shops": ("shop",),
    "culture": ("museum", "gallery", "theatre", "cinema", "library"),
    "sights": ("sight", "monument", "artwork"),
    "staying": ("hotel", "hostel", "apartment"),
    "health": ("pharmacy", "doctor", "dentist", "hospital"),
    "learning": ("school", "kindergarten", "university"),
    "green and sport": ("park", "playground", "sports centre", "gym", "swimming"),
    "public transport": ("public transport",),
    "parking": ("car park", "bicycle parking"),
}
"""What an area is like, in so many words."""
