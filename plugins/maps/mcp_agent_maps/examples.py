"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "maps_geocode": [
        "find a place by its name", "whereabouts is the castle", "where is the Louvre located",
        "where is 221 Baker Street", "find the address on the map", "the coordinates of the town hall",
        "which town is this address in", "locate the museum", "where exactly is the hospital located",
        "GPS coordinates of this address", "look up a street address",
    ],
    "maps_reverse": [
        "which house number and postcode is at this location", "where am I right now", "what street is this",
        "what is at these coordinates", "which address belongs to this point",
        "the address of the spot where I am standing", "what building is here at this point",
        "which district is this spot in", "what is the name of the street here",
    ],
    "maps_nearby": [
        "somewhere to get lunch in walking distance", "is there a gym, cinema or hairdresser nearby",
        "is there a pharmacy near me", "the nearest supermarket", "where can I get a coffee close by",
        "restaurants near the hotel that are open now", "the closest bus stop", "a cash machine nearby",
        "parking around the station", "is a doctor near here open on Sunday", "where can I eat around here",
        "nearest bakery, park or playground",
    ],
    "maps_route": [
        "the shortest way to walk home", "by car or bicycle, how many kilometres is the trip",
        "how do I get to the airport", "how do I get home from here", "directions to the museum",
        "how long does it take to walk to the school", "how far is it to the station by car",
        "directions from the hotel to the park", "walking directions to the pharmacy", "how do I drive to the airport",
        "how long is the drive to work", "how far is it by bike", "directions by bicycle to the office",
        "navigate me to the hospital",
    ],
    "maps_along_route": [
        "pick up flowers without a big detour", "a charger or fuel station during the drive",
        "a petrol station on the way to work", "a bakery on my way home",
        "where can I stop for coffee on the way to the airport", "charging for the car along the road",
        "is there a toilet along the route", "a supermarket on the way home from work",
        "somewhere to stop and eat on the road", "which shops do I pass on my way to the station",
    ],
    "maps_matrix": [
        "driving times from all offices to all customers", "how long from each hotel to each station",
        "compare travel times between several addresses", "which of these three hotels is closest to the office",
        "compare how long it takes from these addresses", "a table of travel times between these places",
        "compare the commute from each of these flats", "which of these places is quickest to reach, compare them",
    ],
    "maps_optimize_stops": [
        "a sightseeing walk past many places, which first", "delivery tour", "the best order for my errands",
        "I have to visit the bank, the post office and the pharmacy, in which order",
        "plan a round trip through the museums", "the shortest tour with all my deliveries",
        "plan my errands so that I do not go back and forth", "which shop should I visit first",
        "a round trip past all these sights", "order of visits to my customers",
    ],
    "maps_meeting_point": [
        "a convenient pub for everybody, in between", "where should we meet halfway",
        "a restaurant in the middle between us", "a fair place for friends to meet",
        "where can my sister and I meet for coffee", "halfway between my place and her place",
        "we come from different parts of town, where do we meet", "a cafe about equally far from all of us",
        "somewhere fair to get together",
    ],
    "maps_isochrone": [
        "the area around the station that is a short walk away", "how big is my walking radius",
        "how far can I get in 15 minutes on foot", "what can I reach by bike in half an hour",
        "how far do I get by car in ten minutes", "where could I live and be at work within 20 minutes",
        "which parts of town can I reach within a quarter of an hour", "everything within ten minutes of walking",
        "how far could I walk in an hour",
    ],
    "maps_explore": [
        "is it lively or quiet around there, what is it like", "we might move to that neighbourhood",
        "what is the neighbourhood like", "is this a good area to live in", "what is there around my new flat",
        "tell me about this part of town", "what is there to do in the neighbourhood of the hotel",
        "are there enough schools and shops in the area", "is it a nice district to live in",
        "which sights are in this part of town",
    ],
    "maps_render": [
        "let me see it as a picture", "sketch a plan of the streets", "draw me a map", "show the route on a map",
        "show it to me on a map", "a picture of the map with a pin at each hotel", "draw the way home on a map",
        "a map to print out", "mark these addresses on a map with pins", "a map image of the town",
    ],
    "maps_overpass": [
        "count all windmills by their tag", "run an Overpass query", "all OSM objects with this tag", "raw OSM data",
        "a query for everything tagged as a drinking fountain", "an OSM tag query for all benches in the whole city",
        "every object with a certain tag in the region",
    ],
    "maps_load_extract": [
        "download a region before I travel", "use maps without internet", "load the map of Finland",
        "load a pbf file with map data", "get offline maps for my holiday", "make directions work offline",
        "add another country to the offline maps", "update the offline map data of the city",
    ],
}
# fmt: on
