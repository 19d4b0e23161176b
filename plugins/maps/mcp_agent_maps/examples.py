"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "maps_geocode": [
        "where is the Louvre", "where is 221 Baker Street", "find 10 Mill Lane on the map",
        "GPS position of the castle", "which town is Cedar Avenue in", "locate the town hall",
        "coordinates of the central station", "where exactly is the university hospital",
    ],
    "maps_reverse": [
        "where am I", "what street is this", "what is at 60.17, 24.94", "which address belongs to these coordinates",
        "what building am I standing in front of", "which district is that spot in", "which house number is here",
        "what is this place called",
    ],
    "maps_nearby": [
        "is there a pharmacy near me", "nearest supermarket", "where can I get coffee close to the hotel",
        "which restaurants are open now", "closest bus stop to here", "a cash machine within walking distance",
        "where can I park around the stadium", "is any doctor open on Sunday", "somewhere to eat",
        "playground in the neighbourhood",
    ],
    "maps_route": [
        "how do I get to the airport", "directions to the museum", "how long does it take to walk to school",
        "what is the way home by bicycle", "how far is it by car to the lake", "drive from the hotel to the beach",
        "navigate me to the dentist", "cycling from my place to the office", "how many kilometres is it to grandma",
    ],
    "maps_along_route": [
        "a petrol station on my way to work", "which bakery do I pass going home",
        "where can I stop for coffee between here and the airport",
        "chargers for the electric car along the road to the coast", "is there a toilet on the route",
        "pick up flowers on the way to my mother", "supermarket without a big detour when I drive back",
        "a lunch break half way through the drive",
    ],
    "maps_matrix": [
        "how long from each flat to each of the schools", "compare travel times between several places",
        "which of these three gyms is quickest to reach", "a table of driving times between the hotels and the sights",
        "commute from four addresses to two offices", "how many minutes is every house from every station",
        "which of these hotels is closest to both offices",
    ],
    "maps_optimize_stops": [
        "best order for my errands", "I have to go to the bank, the post office and the butcher, which first",
        "plan a round trip through five museums", "shortest tour for my deliveries",
        "sightseeing walk past all of these", "in which order do I drop off the kids",
        "a loop through these shops and back home", "visit all my customers without going back and forth",
    ],
    "maps_meeting_point": [
        "where should Anna and I meet halfway", "a pub in the middle between us",
        "fair place to get together for three friends", "a restaurant equally far from all of us",
        "we live in different parts of town, where to have a beer", "half way between my place and hers",
        "a spot convenient for everybody to join",
    ],
    "maps_isochrone": [
        "how far can I get in 15 minutes on foot", "what can I reach by bike in half an hour",
        "everything within ten minutes of driving", "where could I live to be at work in 20 minutes",
        "which parts of town are a quarter of an hour away", "walking radius around the school",
        "how far do I come in a lunch break",
    ],
    "maps_explore": [
        "what is the neighbourhood like", "is this a good part of town to live in", "what is there around my new flat",
        "tell me about that district", "is there much to do around the hotel",
        "are there enough schools and shops there for a family", "is it a quiet quarter",
        "what sights does the old town have",
    ],
    "maps_render": [
        "draw me a map of the centre", "put the route on a map", "show it on a map",
        "picture with pins for the three hotels", "an image of where that is", "mark these addresses on a plan",
        "a town plan to print out", "sketch the walk for me",
    ],
    "maps_overpass": [
        "run this Overpass query", "every OSM object tagged highway=crossing", "raw data of OpenStreetMap by tags",
        "all windmills of the county", "count the drinking fountains in the whole city",
        "which mountain peaks of the region are above 3000 metres", "list all bridges over the river",
    ],
    "maps_load_extract": [
        "use maps without internet", "load the map of Finland", "import this pbf file",
        "get the map data of Portugal ready for my holiday", "make directions work offline",
        "add another country to the maps", "refresh the old map data of the city",
    ],
}
# fmt: on
