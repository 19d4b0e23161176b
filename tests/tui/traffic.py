"""A client that calls a real server at a given pace: ``python -m tests.tui.traffic SECONDS RATE``.

Prints a JSON list of (when, latency in milliseconds), ``when`` in seconds of the machine's monotonic clock.
"""

from __future__ import annotations

import json
import signal
import sys
import time

from tests.support.process import Process, process

HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}}


class Traffic:
    """Around a server process; ids count up."""

    def __init__(self, server: Process, client: str = "desk-assistant") -> None:
        self._server = server
        self._id = 1
        self.stopped = False
        self.send("initialize", {**HELLO, "clientInfo": {"name": client, "version": "2.1"}})
        self.answer(1)
        server.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')

    def send(self, method: str, params: object) -> int:
        number = self._id
        self._id += 1
        frame = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        self._server.write(json.dumps(frame).encode() + b"\n")
        return number

    def call(self, tool: str, **arguments: object) -> int:
        params: dict[str, object] = {"name": tool, "arguments": arguments, "_meta": {"progressToken": self._id}}
        return self.send("tools/call", params)

    def answer(self, number: int) -> dict[str, object]:
        while True:  # past notifications
            message: dict[str, object] = json.loads(self._server.read_line())
            if message.get("id") == number:
                return message

    def paced(self, tool: str, rate: float, seconds: float) -> list[tuple[float, float]]:
        """One call after the other at an even pace: when each was made, and its latency in milliseconds."""
        told = []
        began = time.perf_counter()
        for turn in range(int(rate * seconds)):
            if self.stopped:
                break
            wait = began + turn / rate - time.perf_counter()
            if wait > 0:
                time.sleep(wait)
            sent = time.perf_counter()
            self.answer(self.call(tool))
            told.append((sent, (time.perf_counter() - sent) * 1000))
        return told


def household(traffic: Traffic) -> None:
    """A little of everything, so that there is something to see."""
    traffic.answer(traffic.call("house_set_lamp", room="kitchen", state="on"))
    traffic.answer(traffic.call("house_set_lamp", room="cellar", state="on"))
    for _ in range(6):
        traffic.answer(traffic.call("house_forecast", city="Helsinki"))
    traffic.answer(traffic.call("house_set_lamp", room="hall", state="off"))
    traffic.call("house_scan_network")


def main() -> None:
    seconds, rate = float(sys.argv[1]), float(sys.argv[2])
    with process("tests.tui.house") as server:
        traffic = Traffic(server)
        household(traffic)
        signal.signal(signal.SIGTERM, lambda number, frame: setattr(traffic, "stopped", True))
        json.dump(traffic.paced("house_list_lamps", rate, seconds), sys.stdout)


if __name__ == "__main__":
    main()
