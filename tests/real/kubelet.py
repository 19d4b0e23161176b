"""A stand-in for a kubelet: an HTTPS server on loopback that the real API server fetches logs from. It is no kubelet:
it runs nothing, and knows only the log endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from msgspec import Struct

from tests.support.loopback import Quiet, serving


class KubeletStandIn(Struct):
    """``logs`` by (pod, container, of the previous run): the whole text, or a line and how often it is sent."""

    port: int
    logs: dict[tuple[str, str, bool], bytes | tuple[bytes, int]]
    asked: list[dict[str, str]]
    """The query of each request."""

    def says(self, pod: str, text: str, *, container: str = "main", previous: bool = False) -> None:
        self.logs[pod, container, previous] = text.encode()


@contextmanager
def kubelet_stand_in(certificates: Path) -> Iterator[KubeletStandIn]:
    """With the server certificate of that folder."""
    found = KubeletStandIn(0, {}, [])

    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            words = parts.path.strip("/").split("/")
            found.asked.append(query)
            log = found.logs.get((words[2], words[3], query.get("previous") == "true"))
            if words[0] != "containerLogs" or log is None:
                self._head(404)
                self.wfile.write(b"9\r\nno such l\r\n0\r\n\r\n")
                return
            self._head(200)
            for part in _parts(log, query):
                self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")

        def _head(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()

    with serving(Handler, certificates) as found.port:
        yield found


def _parts(log: bytes | tuple[bytes, int], query: dict[str, str]) -> Iterator[bytes]:
    if isinstance(log, tuple):
        line, count = log
        block = line * 1000
        for _ in range(count // 1000):
            yield block
        return
    lines = log.splitlines(keepends=True)
    if "tailLines" in query:
        lines = lines[-int(query["tailLines"]) :]
    if lines:
        yield b"".join(lines)
