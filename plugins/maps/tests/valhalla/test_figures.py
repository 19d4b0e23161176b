"""How fast and how large Valhalla is, beside the built-in graph. The figures are printed."""

from __future__ import annotations

import asyncio
import os
import re
import statistics
import sys
import time
from pathlib import Path

import pytest
from mcp_agent_maps.routing.profiles import MODES
from mcp_agent_maps.valhalla import tiles

from mcp_agent import Host
from plugins.maps.tests.valhalla.city import ENDS, InThread, ask, run
from plugins.maps.tests.valhalla.streets import Streets, spots
from tests.real.osm import helsinki

pytestmark = pytest.mark.real


def _peak_of_worker() -> float:
    """In megabytes, of the one that this process started."""
    children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    [mine] = [child for child in children if "worker.py" in Path(f"/proc/{child}/cmdline").read_text()]
    peak = re.search(r"VmHWM:\s*(\d+) kB", Path(f"/proc/{mine}/status").read_text())
    assert peak is not None
    return int(peak[1]) / 1024


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_figures(home: Path, tmp_path: Path, streets: Streets, capsys: pytest.CaptureFixture[str]) -> None:
    figures: dict[str, float] = {}
    chosen = spots(streets, 40)

    async def work(host: Host) -> None:
        for profile in MODES:
            await ask(host, "maps_route", **ENDS, profile=profile)
        times = []
        for number, (start, end) in enumerate(zip(chosen[::2], chosen[1::2], strict=True)):
            begun = time.perf_counter()
            await ask(host, "maps_route", start=start, end=end, profile=MODES[number % 3])
            times.append(time.perf_counter() - begun)
        figures[f"route of {setting}, ms"] = statistics.median(times) * 1000
        if setting == "auto":
            figures["process, MB"] = _peak_of_worker()

    for setting in ("auto", "built-in"):
        run(home, work, engine=setting)
    begun = time.perf_counter()
    program = tiles.builder()
    assert program is not None
    asyncio.run(tiles.make_tiles(InThread(), program, helsinki(), tmp_path / "made", lambda share, what: None))
    figures["tiles, s"] = time.perf_counter() - begun
    found = [path.stat().st_size for path in (tmp_path / "made").rglob("*.gph")]
    figures["tiles, kB"] = sum(found) / 1000
    with capsys.disabled():
        sys.stdout.write(f"\n{ {name: round(value, 1) for name, value in figures.items()} }\n")
    assert figures["process, MB"] < 300
    assert figures["tiles, kB"] < 3000
    # On a busy machine an answer waits for its turn in two processes.
    assert figures["route of auto, ms"] < 20 * figures["route of built-in, ms"] + 50
