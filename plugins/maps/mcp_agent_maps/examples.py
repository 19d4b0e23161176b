"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "maps_geocode": [
        "where is the Louvre located", "where is 221 Baker Street", "where exactly is the hospital located",
        "whereabouts is the castle", "locate the museum", "find the address on the map", "find a place by its name",
        "look up a street address", "look up where the village is", "the coordinates of the town hall",
        "GPS coordinates of this address", "which town is this address in",
    ],
    "maps_reverse": [
        "where am I right now", "where am I, I am lost", "what street is this", "what is the name of the street here",
        "what is at these coordinates", "which address is at these coordinates", "which address belongs to this point",
        "the address of the spot where I am standing", "what building is here at this point",
        "which district is this spot in", "which village am I in right now",
        "which house number and postcode is at this location",
    ],
    "maps_nearby": [
        "is there a pharmacy near me", "is a doctor near here open on Sunday", "the nearest supermarket",
        "nearest bakery, park or playground", "the closest bus stop", "the closest cash machine",
        "where can I get a coffee close by", "where can I eat around here",
        "restaurants near the hotel that are open now", "parking near the station",
        "is there a gym, cinema or hairdresser nearby", "somewhere nearby to get lunch, in walking distance",
    ],
    "maps_route": [
        "how do I get to the airport", "how do I get home from here", "navigate me to the hospital",
        "directions to the museum", "directions from the hotel to the park", "directions by bicycle to the office",
        "walking directions to the pharmacy", "how long does it take to walk to the school",
        "how long does the drive to work take", "how far is it to the station by car", "how far is it by bike",
        "the shortest way to walk home",
    ],
    "maps_along_route": [
        "a petrol station on the way to work", "a supermarket on the way home from work", "a bakery on my way home",
        "where can I stop for coffee on the way to the airport", "somewhere to stop and eat on the road",
        "charging for the car along the road", "a charger or fuel station during the drive",
        "is there a toilet along the route", "which shops do I pass on my way to the station",
        "pick up flowers on the way, without a big detour", "where can we stop for lunch without a detour",
        "where is there fuel along the route",
    ],
    "maps_matrix": [
        "how long from each hotel to each station", "travel times from each office to each customer",
        "compare travel times between several addresses", "compare how long it takes from these addresses",
        "a table of travel times between these places", "a table of distances between these towns",
        "compare the commute from each of these flats", "which of these three hotels is closest to the office",
        "which of these two schools is closer, compare them",
        "which of these places is quickest to reach, compare them", "driving times from all offices to all customers",
        "which branch is nearest to each customer, in minutes",
    ],
    "maps_optimize_stops": [
        "the best order for my errands", "plan my errands so that I do not go back and forth",
        "I have to visit the bank, the post office and the pharmacy, in which order",
        "in which order should I make these stops", "plan a round trip through the museums",
        "a round trip past all these sights", "a sightseeing tour past many places, which first",
        "which shop should I visit first", "order of visits to my customers",
        "the shortest tour with all my deliveries", "sort these addresses into an efficient delivery tour",
        "ten parcels to deliver, plan the tour",
    ],
    "maps_meeting_point": [
        "where should we meet halfway", "halfway between my place and her place",
        "a restaurant in the middle between us", "a place in the middle between two cities to meet for lunch",
        "a fair place for friends to meet", "somewhere fair to get together",
        "where can my sister and I meet for coffee", "we come from different parts of town, where do we meet",
        "a cafe about equally far from all of us", "three of us live far apart, where do we meet",
        "a convenient pub for everybody, in between", "the whole team wants to meet so that nobody travels much longer",
    ],
    "maps_isochrone": [
        "how far can I get in 15 minutes on foot", "what can I reach by bike in half an hour",
        "how far do I get by car in ten minutes", "where could I live and be at work within 20 minutes",
        "which parts of town can I reach within a quarter of an hour", "everything within ten minutes of walking",
        "how far could I walk in an hour", "the area around the station that is a short walk away",
        "how big is my walking radius", "the zone that is at most half an hour away by car",
        "which suburbs are reachable in 30 minutes", "what is my reach on a bicycle in twenty minutes",
    ],
    "maps_explore": [
        "what is the neighbourhood like", "is this a good area to live in", "what is there around my new flat",
        "tell me about this part of town", "what is there to do in the neighbourhood of the hotel",
        "are there enough schools and shops in the area", "is it a nice district to live in",
        "which sights are in this part of town", "is it lively or quiet around there",
        "we might move to that neighborhood, is it any good", "is the area good for families with children",
        "give me a feel for the quarter, shops, parks and nightlife",
    ],
    "maps_render": [
        "draw me a map", "draw the way home on a map", "show it to me on a map", "show the route on a map",
        "a picture of the map with a pin at each hotel", "mark these addresses on a map with pins",
        "a map to print out", "a map image of the town", "sketch a map of the streets",
        "let me see the place as a picture of a map", "draw the area on the map", "a picture of the town as a map",
    ],
    "maps_overpass": [
        "run an Overpass query", "all OSM objects with this tag", "raw OSM data", "raw data of all objects with a tag",
        "count all windmills by their tag", "a query for everything tagged as a drinking fountain",
        "an OSM tag query for all benches in the whole city", "every object with a certain tag in the region",
        "query OSM for all power lines", "how many objects in the county have that tag",
        "all defibrillators in the country from raw OpenStreetMap data", "which OSM ways have the cycleway tag",
    ],
    "maps_load_extract": [
        "use maps without internet", "make directions work offline", "get offline maps for my holiday",
        "get the map of a region before I travel, there is no internet", "load the map of Finland",
        "load a pbf file with map data", "load the map of another country", "add another country to the offline maps",
        "update the offline map data of the city", "the map data is old, load the new one",
        "install the map file I downloaded, so that it works offline", "import an OpenStreetMap extract",
    ],
}
# fmt: on
