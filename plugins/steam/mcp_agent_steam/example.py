"""A small Steam library for the demo, in the layout and format of a real one."""

from __future__ import annotations

import time
from pathlib import Path

from mcp_agent_steam.library.vdf import dumps

_DAY = 86400
_GAMES = (
    (620, "Portal 2", 12_600_000_000, 1250, 3),
    (400, "Portal", 3_900_000_000, 410, 900),
    (105600, "Terraria", 600_000_000, 5400, 40),
    (413150, "Stardew Valley", 700_000_000, 0, 0),
    (1145360, "Hades", 15_200_000_000, 35, 200),
)
"""App, name, bytes, minutes played, days since (0 for never)."""
_ACCOUNT = 22202


def write_example(root: Path) -> None:
    """Five games, one of which Steam did not finish writing down."""
    now = int(time.time())
    apps = root / "steamapps"
    config = root / "userdata" / str(_ACCOUNT) / "config"
    for folder in (apps / "common", config):
        folder.mkdir(parents=True)
    played = {}
    for app_id, name, size, minutes, days in _GAMES:
        last = now - days * _DAY if days else 0
        (apps / "common" / name).mkdir()
        manifest = {
            "appid": app_id,
            "name": name,
            "StateFlags": 4,
            "installdir": name,
            "LastPlayed": last,
            "SizeOnDisk": size,
        }
        (apps / f"appmanifest_{app_id}.acf").write_text(dumps({"AppState": manifest}), "utf-8")
        played[str(app_id)] = {"LastPlayed": last, "Playtime": minutes}
    (apps / "appmanifest_70.acf").write_text('"AppState"\n{\n\t"appid"\t\t"70"\n\t"name"\t\t"Half-Li', "utf-8")
    store = {"Software": {"Valve": {"Steam": {"apps": played}}}}
    (config / "localconfig.vdf").write_text(dumps({"UserLocalConfigStore": store}), "utf-8")
