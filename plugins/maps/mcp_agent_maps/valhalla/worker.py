"""Runs Valhalla for the host: ``worker.py config|serve TILES [SECONDS]``, by path, so that nothing else is loaded.

Here it may hang, grow or crash without taking the host with it. ``config`` prints its configuration. ``serve`` answers
frames on stdin and stdout, four bytes of length and then JSON, and ends when stdin does, or when one answer takes
longer than SECONDS: then there is most likely nobody any more who could end it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
from typing import Any, BinaryIO

_MOST_MEMORY = 4 * 1024**3
_TILES_IN_MEMORY = 256 * 1024**2
_LABELS = 100_000
"""What a search reserves from the start. It grows where that is needed, and is given back after each answer."""
_STOPS, _METRES = 50, 5e6
"""More than the tools ask for, for every profile alike."""
_REACHES = 100
"""A street counts as one to start from where so many others are in reach: not a yard that the extract cuts off."""


def main() -> None:
    what, tiles = sys.argv[1:3]
    if what == "config":
        sys.stdout.write(json.dumps(_config(tiles, "std_out")))
    else:
        _serve(tiles, int(sys.argv[3]))


def _config(tiles: str, log: str) -> dict[str, Any]:
    import valhalla

    config: dict[str, Any] = valhalla.get_config(tile_extract="", tile_dir=tiles)
    map_data = config["mjolnir"]
    for absent in ("traffic_extract", "admin", "landmarks", "timezone", "transit_dir", "transit_feeds_dir"):
        map_data.pop(absent, None)
    map_data["max_cache_size"] = _TILES_IN_MEMORY
    # Releases before 3.6 look for it in the second place.
    config["logging"] = map_data["logging"] = {"type": log, "color": False}
    search, limits = config["thor"], config["service_limits"]
    search.update({key: _LABELS for key in search if key.startswith("max_reserved_labels")})
    search["clear_reserved_memory"] = True
    config["loki"]["service_defaults"]["minimum_reachability"] = limits["max_reachability"] = _REACHES
    for profile in ("auto", "bicycle", "pedestrian"):
        limits[profile].update(max_locations=_STOPS, max_distance=_METRES, max_matrix_distance=_METRES)
    return config


def _serve(tiles: str, seconds: int) -> None:
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what the library prints is no frame
    _limit_memory()
    actor = _actor(_config(tiles, ""))
    while len(head := stdin.read(4)) == 4:
        _end_after(seconds)
        _answer(actor, json.loads(stdin.read(int.from_bytes(head, "big"))), stdout)
        _end_after(0)


def _actor(config: dict[str, Any]) -> Any:
    """From a file of ours: Valhalla would leave one of its own behind."""
    import valhalla

    with tempfile.TemporaryDirectory(prefix="mcp-agent-valhalla-") as folder:
        path = os.path.join(folder, "valhalla.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file)
        return valhalla.Actor(path)


def _answer(actor: Any, question: dict[str, Any], stdout: BinaryIO) -> None:
    try:
        answer: str = getattr(actor, question["action"])(json.dumps(question["body"]))
    except RuntimeError as error:  # all that Valhalla raises
        answer = json.dumps({"error": str(error)})
    body = answer.encode()
    stdout.write(len(body).to_bytes(4, "big") + body)
    stdout.flush()


def _end_after(seconds: int) -> None:
    """The alarm ends the process, even in the middle of a search; 0 takes it back. Windows has none."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(ValueError):  # there is a lower limit already
            resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    main()
