"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "steam_list_installed": [
        "which games are installed on this computer", "what games have I got downloaded", "every game on this PC",
        "all my games in alphabetical order", "list the games on my laptop",
        "what can I play here without downloading anything", "my installed games, the biggest first",
        "which games are on this machine",
    ],
    "steam_library_stats": [
        "how many games do I own", "how many hours have I spent gaming altogether", "what is my most played game ever",
        "my total playtime", "my top five games by hours", "statistics of my game collection",
        "how much time have I spent on games in total", "how much of my collection have I played",
    ],
    "steam_disk_usage": [
        "which games take up the most space", "my drive is full, which game should I uninstall",
        "how much room do my games need", "free up space by deleting old games",
        "is there enough space left for another game", "clean up my games to make room",
        "which big games can I delete because I no longer play them", "how many gigabytes do my games use",
    ],
    "steam_find_game": [
        "do I have Portal", "do I own Stardew Valley", "is Hades one of my games", "have I got a game called Skyrim",
        "did I already buy Portal", "look up Hades among my games", "which game of mine has dungeon in the title",
        "do I already own this game",
    ],
    "steam_launch_game": [
        "start Hades", "start the game", "let's play Portal now", "boot up Stardew Valley", "fire up my game",
        "put on Skyrim, I want to play", "run the game", "launch Hades for me", "begin a round of Portal",
    ],
    "steam_recently_played": [
        "what did I play lately", "which game was I playing last night", "what have I been playing this week",
        "the last game I had on", "how many hours did I play in the past fortnight", "what did I play yesterday",
        "which game did I play over the weekend", "what did I play most recently",
    ],
    "steam_backlog": [
        "games I bought and never started", "my pile of shame", "which games have I never tried",
        "unplayed games I paid for", "games gathering dust in my collection", "games I have never touched",
        "which games did I buy and hardly play", "what have I bought but never opened",
    ],
    "steam_what_fits": [
        "what should I play tonight", "I have half an hour, what can I play", "something relaxing to play after work",
        "a game for three people on the couch", "a short game before dinner", "I am in the mood for a scary game",
        "a game for an hour with the kids", "I only have 20 minutes, which quick game",
        "something calm to play this evening",
    ],
    "steam_recommend": [
        "recommend me a game I own", "what should I play next, going by my taste", "suggest a game similar to Hades",
        "I loved Skyrim, which other game of mine would I like", "suggest something I would enjoy playing",
        "a recommendation from my collection, similar to what I usually play", "which of my games suits my taste",
    ],
    "steam_game_details": [
        "what is Portal about", "is Hades any good", "how much does Stardew Valley cost",
        "what do the reviews of the game say", "who made Skyrim and when did the game come out",
        "how long have I played Hades", "the price of the game", "does the game run on my system",
        "how large is the game as a download", "is the game worth buying",
    ],
    "steam_coop_night": [
        "what can Tom and I play together", "games that both my friends and I have",
        "which multiplayer games do all four of us own", "what do my friends and I have in common to play",
        "a co-op evening with my brother", "which game does everybody in our group own",
        "something to play together online with my sister this weekend",
    ],
    "steam_wishlist_deals": [
        "is a game I want on sale", "which games I was waiting for are cheaper now", "any discounts today",
        "bargains from my wish list", "what has had a price drop", "which games to buy in the summer sale",
        "special offers at half price", "is anything on my wishlist cheaper",
    ],
    "steam_achievements": [
        "how many trophies have I got in Hades", "which achievements am I missing",
        "which trophy is easy to unlock next", "how close am I to 100 percent in Portal",
        "my rarest trophies in Stardew Valley", "have I unlocked everything in Skyrim",
        "which badges are left to unlock in the game",
    ],
    "steam_friends": [
        "are any friends online", "which of my friends is gaming right now", "what is my brother playing at the moment",
        "is Tom online on Steam", "who of my friends could join me for a match", "which friends are in a game now",
        "my buddies", "is anybody online to play with",
    ],
}
# fmt: on
