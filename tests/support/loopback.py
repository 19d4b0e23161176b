"""HTTP servers on loopback, for what no real counterpart does when it is asked to."""

from __future__ import annotations

import ssl
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_EVERY = 0.01


class Quiet(BaseHTTPRequestHandler):
    """One that writes no log."""

    def log_message(self, format: str, *args: Any) -> None: ...


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Connections and handshakes that tests make fail are nothing to tell of."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


@contextmanager
def serving(
    handler: type[BaseHTTPRequestHandler], certificates: Path | None = None, *, wants_certificate: bool = False
) -> Iterator[int]:
    """The port of a server in a thread. Over HTTPS where there is a folder of certificates; then it may want one of
    the client."""
    server = _Server(("127.0.0.1", 0), handler)
    if certificates is not None:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificates / "server.pem", certificates / "server.key")
        if wants_certificate:
            tls.verify_mode = ssl.CERT_REQUIRED
            tls.load_verify_locations(certificates / "ca.pem")
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(_EVERY,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
