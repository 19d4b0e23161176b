"""How fast the memory is: recall among many facts, and remembering from one call and from four processes."""

from __future__ import annotations

import asyncio
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

from msgspec import Struct

from mcp_agent import Host
from mcp_agent.testing import host_for

_CALL = 5_000
"""Facts in one call."""
_QUESTIONS = 300
_SYLLABLES = [consonant + vowel for consonant in "bklmnrst" for vowel in "aeio"]
_PLAIN = ("kitchen", "boiler", "garden", "train", "doctor", "book", "holiday", "invoice", "window", "music", "dinner")
_PROCESSES, _EACH = 4, 500


class Speed(Struct, frozen=True):
    """Milliseconds for a recall; facts a second for remembering; seconds for the first recall, which makes vectors."""

    facts: int
    p50: float
    p99: float
    in_one_call: float
    first: float


def words(count: int, chance: random.Random) -> list[str]:
    """Made-up words, the first ones short, as the common ones are."""
    return list(dict.fromkeys("".join(chance.choices(_SYLLABLES, k=2 + number % 3)) for number in range(count)))


def sentences(count: int, seed: int = 7) -> list[str]:
    """As many words as people know, and as unevenly used (Zipf), with names and English around them."""
    chance = random.Random(seed)
    known = words(20_000, chance)
    weights = [1 / (rank + 10) for rank in range(len(known))]
    made = []
    for number in range(count):
        some = chance.choices(known, weights, k=7)
        middle = " ".join([*some[1:4], chance.choice(_PLAIN), *some[4:]])
        made.append(f"{some[0].title()} {middle} no {number}.")
    return made


async def _fill(host: Host, texts: list[str]) -> float:
    """Facts a second."""
    began = time.perf_counter()
    for begin in range(0, len(texts), _CALL):
        await host.call("memory_remember", {"facts": [{"text": one} for one in texts[begin : begin + _CALL]]})
    return len(texts) / (time.perf_counter() - began)


async def measure(folder: Path, count: int) -> Speed:
    texts = sentences(count)
    chance = random.Random(3)
    async with host_for("mcp_agent_memory", folder=folder) as host:
        rate = await _fill(host, texts)
        began = time.perf_counter()
        await host.call("memory_recall", {"query": "the first question of all"})
        first = time.perf_counter() - began
        spent = []
        for number in range(_QUESTIONS):
            some = chance.choice(texts).split()
            query = f"what did {some[0]} say about {' '.join(chance.sample(some[1:8], 3))}"
            query += (" last spring", " two weeks ago", "", "")[number % 4]
            began = time.perf_counter()
            await host.call("memory_recall", {"query": query})
            spent.append((time.perf_counter() - began) * 1000)
    cuts = statistics.quantiles(spent, n=100)
    return Speed(count, statistics.median(spent), cuts[98], rate, first)


_WRITER = """
import asyncio, pathlib, sys, time
from mcp_agent.testing import host_for
async def main(folder, name, each):
    async with host_for("mcp_agent_memory", folder=pathlib.Path(folder)) as host:
        await host.call("memory_recent")
        sys.stdout.write("ready\\n"); sys.stdout.flush(); sys.stdin.readline()
        texts = [f"Process {name} remembers number {n} of all." for n in range(int(each))]
        calls = [("memory_remember", {"text": text}) for text in texts]
        outcomes = await host.batch(calls, at_once=16)
        assert not any(isinstance(one, Exception) for one in outcomes)
        sys.stdout.write("done\\n"); sys.stdout.flush(); sys.stdin.readline()
asyncio.run(main(*sys.argv[1:]))
"""


def together(folder: Path, each: int = _EACH) -> float:
    """Facts a second of four processes on one home, one fact a call."""
    command = [sys.executable, "-c", _WRITER, str(folder)]
    started = [
        subprocess.Popen([*command, str(name), str(each)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for name in range(_PROCESSES)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        began = time.perf_counter()
        for process in started:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in started:
            assert process.stdout is not None
            assert process.stdout.readline() == "done\n"
        return _PROCESSES * each / (time.perf_counter() - began)
    finally:
        for process in started:
            process.kill()
            process.communicate()


def report(folder: Path, count: int) -> str:
    speed = asyncio.run(measure(folder / "one", count))
    rate = together(folder / "four")
    return (
        f"{speed.facts} facts\nrecall: p50 {speed.p50:.1f} ms, p99 {speed.p99:.1f} ms, {_QUESTIONS} questions\n"
        f"the first recall, which makes all vectors: {speed.first:.1f} s\n"
        f"remember, {_CALL} facts a call: {speed.in_one_call:.0f} facts/s\n"
        f"remember, one fact a call, {_PROCESSES} processes: {rate:.0f} facts/s together\n"
    )
