"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "steam_list_installed": [
        "which games are installed on this computer", "what games have I got downloaded",
        "which games are downloaded on this machine", "list every game on this PC", "list the games on my laptop",
        "all my installed games in alphabetical order", "list my installed games, the biggest first",
        "what can I play here without downloading it first", "all the titles on this PC",
        "which games are on here, sorted by when I last played them",
        "which titles can I start straight away, already downloaded", "programs I added to my games by hand",
    ],
    "steam_library_stats": [
        "how many games do I own in all", "how many hours have I spent gaming altogether",
        "how many hours have I played in total", "my total playtime", "what is my most played game of all time",
        "my top five games by hours", "statistics of my game collection", "how big is my game collection",
        "how much time have I wasted on games overall", "my gaming in numbers, how many hours in all",
    ],
    "steam_disk_usage": [
        "my drive is full, which game should I uninstall", "which games take up the most space",
        "how much disk space do my games need", "free up space by deleting old games",
        "is there enough space left for another game", "uninstall games to make room on the disk",
        "which big games can I delete because I never play them", "how many gigabytes do my games use",
        "clean up my games, the SSD is nearly full", "which drive are my games on and what is free there",
        "what is the largest game on the disk", "will a 100 GB game still fit on my drive",
    ],
    "steam_find_game": [
        "do I have this game", "do I own Portal", "is Portal one of my games", "have I got a game called Hades",
        "did I already buy this game", "do I already own the sequel", "search my games for a title",
        "which game of mine has dungeon in its name", "find the game among my games", "have I got any racing games",
    ],
    "steam_launch_game": [
        "start the game", "start Portal", "let's play Hades now", "boot up the game", "fire up my game",
        "put the game on, I want to play", "run Portal", "launch the game for me",
        "open the game, I want to go on playing", "get the racing game going", "load up my farm game",
        "I want to play a round of chess, start it",
    ],
    "steam_recently_played": [
        "what did I play lately", "which game did I play last night", "what have I been playing this week",
        "the last game I played", "how many hours did I play in the past fortnight", "what did I play yesterday",
        "which games did I play last weekend", "what was I playing the other day", "what did I play most recently",
        "my recent gaming sessions", "how long did I play these last days", "what did the kids play on it this week",
    ],
    "steam_backlog": [
        "games I bought and never started", "games I bought but have not tried yet", "my pile of shame",
        "which games have I never tried", "unplayed games I bought", "games gathering dust, never played",
        "games I have never touched", "which games did I buy and hardly ever play",
        "the pile of games I have never opened", "titles I have not tried yet",
        "games I bought and neglected, a waste of money",
    ],
    "steam_what_fits": [
        "what should I play tonight", "I have half an hour to play", "I only have 20 minutes for a quick game",
        "something relaxing to play after work", "a cosy game for a rainy afternoon",
        "a quick game for three people on the couch", "I am in the mood for a scary game",
        "I am in the mood for something cosy to play", "a game to play for an hour with the kids",
        "I am bored, what can I play", "something calm to play this evening", "a short game for this evening",
    ],
    "steam_recommend": [
        "recommend me a game I own", "what should I play next, going by my taste",
        "suggest a game similar to one I loved", "I loved this game, which other game would I like",
        "suggest something I would enjoy playing next", "recommend something similar to what I usually play",
        "which of my games suits my taste", "I finished it, what game next", "surprise me, recommend a hidden gem",
        "suggest a game by what I like", "pick one of my games for me, based on my favourites",
        "I like strategy, which of my games would I enjoy",
    ],
    "steam_game_details": [
        "what is this game about", "is this game any good", "is the game worth its price, is it good",
        "how long have I played this game", "how much does the game cost", "the price of this game and its reviews",
        "what do the reviews of this game say", "who made this game and when did it come out",
        "does this game run on Linux", "what genre is this game, does it have a controller mode",
        "tell me about the game Hades", "details about the game Portal",
    ],
    "steam_coop_night": [
        "which games can my friends and I play together", "games that both my friend and I own",
        "which multiplayer games do all four of us own", "what can Tom and I play together",
        "co-op games for me and my friend", "a multiplayer game that everybody in our group owns",
        "which games do we both have in common", "a game night together with my buddies",
        "something we can all play together online", "find a game for me, Ben and Lisa that we all have",
        "does my brother own the same multiplayer games as me", "what shall the gang play together on Saturday",
    ],
    "steam_wishlist_deals": [
        "is a game I want on sale", "which games on my wishlist are cheaper now", "any discounts today",
        "bargains from my wish list", "what has had a price drop", "which games to buy in the summer sale",
        "special offers, half price games", "is anything on my wishlist reduced",
        "a good deal on something I wished for", "which games I was waiting for are cheaper now",
        "offers with more than half off the price", "has the price of a game I want dropped",
    ],
    "steam_achievements": [
        "which achievements am I missing in this game", "how many achievements have I got",
        "how many trophies have I got", "which trophy is easy to unlock next", "my rarest trophies",
        "my rarest achievement", "have I unlocked every trophy", "which badges are left to unlock",
        "did I complete everything in the game, all achievements", "how close am I to 100 percent of the trophies",
        "show my progress with the achievements", "how far am I from platinum, which trophies are missing",
    ],
    "steam_friends": [
        "are any friends online", "which of my friends is gaming right now", "what is my friend playing at the moment",
        "is Tom online", "which of my friends could join me", "which friends are in a game now",
        "who of my buddies is online", "is anybody online to play with", "who could I play with at the moment",
        "what are my friends playing now", "is my friend in a game", "is my brother playing right now, is he online",
    ],
}
# fmt: on
