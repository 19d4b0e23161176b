"""Steam's numbers for genres and features, in the words of its store."""

from __future__ import annotations

GENRES = {
    1: "Action", 2: "Strategy", 3: "RPG", 4: "Casual", 9: "Racing", 18: "Sports", 23: "Indie", 25: "Adventure",
    28: "Simulation", 29: "Massively Multiplayer", 37: "Free To Play", 70: "Early Access",
}  # fmt: skip

FEATURES = {
    1: "Multi-player", 2: "Single-player", 9: "Co-op", 18: "Partial Controller Support", 20: "MMO",
    24: "Shared/Split Screen", 27: "Cross-Platform Multiplayer", 28: "Full controller support", 36: "Online PvP",
    37: "Shared/Split Screen PvP", 38: "Online Co-op", 39: "Shared/Split Screen Co-op", 44: "Remote Play Together",
    47: "LAN PvP", 48: "LAN Co-op", 49: "PvP",
}  # fmt: skip

COOP = frozenset({"Co-op", "Online Co-op", "Shared/Split Screen Co-op", "LAN Co-op"})
TOGETHER = COOP | {
    "Multi-player", "MMO", "Shared/Split Screen", "Cross-Platform Multiplayer", "Online PvP",
    "Shared/Split Screen PvP", "LAN PvP", "PvP",
}  # fmt: skip
"""What more than one person can play."""
