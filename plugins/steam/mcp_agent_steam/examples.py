"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "steam_list_installed": [
        "all the titles on this PC", "which games are installed on this computer", "what games have I got downloaded",
        "list every game on this PC", "all my installed games in alphabetical order", "list the games on my laptop",
        "what can I play here without downloading it first", "list my installed games, the biggest first",
        "which games are downloaded on this machine",
    ],
    "steam_library_stats": [
        "how much time have I wasted on games overall", "how many games do I own in all",
        "how many hours have I spent gaming altogether", "what is my most played game of all time", "my total playtime",
        "my top five games by hours", "statistics of my game collection", "how many hours have I played in total",
        "how big is my game collection",
    ],
    "steam_disk_usage": [
        "clean up my games, the hard drive is full", "which games take up the most space",
        "my drive is full, which game should I uninstall", "how much space do my games need",
        "free up space by deleting old games", "is there enough space left for another game",
        "uninstall games to make room on the disk", "which big games can I delete because I never play them",
        "how many gigabytes of disk do my games use",
    ],
    "steam_find_game": [
        "do I have this game", "do I own Portal", "is Portal one of my games", "have I got a game called Hades",
        "did I already buy this game", "search my games for a title", "which game of mine has dungeon in its name",
        "do I already own this game", "have I got any racing games", "find the game among my games",
    ],
    "steam_launch_game": [
        "start the game", "start Portal", "let's play Hades now", "boot up the game", "fire up my game",
        "put the game on, I want to play", "run Portal", "launch the game for me",
        "open the game, I want to go on playing",
    ],
    "steam_recently_played": [
        "what was I playing the other day", "my recent gaming", "what did I play lately",
        "which game did I play last night", "what have I been playing this week", "the last game I played",
        "how many hours did I play in the past fortnight", "what did I play yesterday",
        "which games did I play last weekend", "what did I play most recently", "what have I been playing lately",
    ],
    "steam_backlog": [
        "titles I have not tried yet", "neglected purchases, a waste of money", "games I bought and never started",
        "my pile of shame", "which games have I never tried", "unplayed games I bought",
        "games gathering dust, never played", "games I have never touched",
        "which games did I buy and hardly ever play", "the pile of games I have never opened",
    ],
    "steam_what_fits": [
        "a cosy game for a rainy afternoon", "pick something to play before bed", "what should I play tonight",
        "I have half an hour to play", "something relaxing to play after work",
        "a quick game for three people on the couch", "a short game for this evening",
        "I am in the mood for a scary game", "a game to play for an hour with the kids",
        "I only have 20 minutes for a quick game", "something calm to play this evening", "I am bored, what can I play",
    ],
    "steam_recommend": [
        "surprise me with a hidden gem", "I finished it, what now", "recommend me a game I own",
        "what should I play next, going by my taste", "suggest a game similar to one I loved",
        "I loved this game, which other game would I like", "suggest something I would enjoy playing next",
        "recommend something similar to what I usually play", "which of my games suits my taste",
    ],
    "steam_game_details": [
        "what genre is it, does it have a controller mode", "is it worth buying", "what is this game about",
        "is this game any good", "how much does the game cost", "what do the reviews of this game say",
        "who made this game and when did it come out", "how long have I played this game",
        "the price of this game and its reviews", "does this game run on Linux",
        "is the game worth its price, is it good", "details about Portal", "tell me about Hades",
    ],
    "steam_coop_night": [
        "which games can my friends and I play together", "games that both my friend and I own",
        "which multiplayer games do all four of us own", "what can Tom and I play together",
        "co-op games for me and my friend", "a multiplayer game that everybody in our group owns",
        "which games do we both have in common", "a game night together with my buddies",
    ],
    "steam_wishlist_deals": [
        "a good deal on something I wished for", "is a game I want on sale",
        "which games I was waiting for are cheaper now", "any discounts today", "bargains from my wish list",
        "what has had a price drop", "which games to buy in the summer sale", "special offers, half price games",
        "is anything on my wishlist cheaper",
    ],
    "steam_achievements": [
        "did I complete everything in the game", "how many trophies have I got",
        "which achievements am I missing in this game", "which trophy is easy to unlock next",
        "how close am I to 100 percent in this game", "my rarest trophies", "have I unlocked every trophy",
        "which badges are left to unlock",
    ],
    "steam_friends": [
        "who could I play with at the moment", "are any friends online", "which of my friends is gaming right now",
        "what is my friend playing at the moment", "is Tom online", "which of my friends could join me",
        "which friends are in a game now", "my gaming buddies", "is anybody online to play with",
    ],
}
# fmt: on
