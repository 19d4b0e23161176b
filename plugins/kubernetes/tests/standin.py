"""A stand-in for an API server on loopback, for what the real one never does: echo, redirect, forget a login. It
answers each path with what a test put there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from tests.support.loopback import Quiet, serving

Answer = tuple[int, Mapping[str, str], bytes]


class StandIn(Struct):
    """``answer`` gets the path and the headers of each request; ``asked`` keeps them."""

    url: str
    answer: Callable[[str, Mapping[str, str]], Answer]
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)


def as_json(value: Any, status: int = 200) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps(value).encode()


def small_cluster(path: str, headers: Mapping[str, str]) -> Answer:
    """Enough to list pods, of which there are none."""
    path = path.partition("?")[0]
    if path == "/apis":
        return as_json({"groups": []})
    if path == "/api/v1":
        pods = {"name": "pods", "singularName": "", "namespaced": True, "kind": "Pod", "verbs": ["get", "list"]}
        return as_json({"resources": [pods]})
    if path == "/version":
        return as_json({"gitVersion": "v1.0.0-standin"})
    return as_json({"kind": "PodList", "metadata": {}, "items": []})


@contextmanager
def stand_in(certificates: Path | None = None, *, wants_certificate: bool = False) -> Iterator[StandIn]:
    """Over HTTPS where there are certificates; then it may want one of the client."""
    found = StandIn("", small_cluster)

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            self.rfile.read(size)
            headers = dict(self.headers.items())
            found.asked.append((self.command, self.path, headers))
            status, more, body = found.answer(self.path, headers)
            self.send_response(status)
            for name, value in {**more, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_PATCH = do_POST = do_PUT = do_DELETE = handle_any

    with serving(Handler, certificates, wants_certificate=wants_certificate) as port:
        found.url = f"{'http' if certificates is None else 'https'}://127.0.0.1:{port}"
        yield found
