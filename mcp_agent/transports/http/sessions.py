"""Sessions of the older revisions: a client that said ``initialize`` once and is known by an id from then on."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from mcp_agent.config import HttpSettings
from mcp_agent.errors import ProtocolError
from mcp_agent.protocol.peer import Peer
from mcp_agent.protocol.server import Server
from mcp_agent.transports.http.events import Outbox

_WAITING = 1000


class Session:
    """One client, and the channel for what it did not ask for: list changes, updated resources.

    While the client has no stream open for those they wait here, each once.
    """

    def __init__(self, now: float) -> None:
        self.id = secrets.token_urlsafe(32)
        self.peer = Peer("http", self)
        self.used = now
        self.outbox: Outbox | None = None
        self._waiting: dict[bytes, None] = {}

    @property
    def busy(self) -> bool:
        return self.outbox is not None or bool(self.peer.inflight)

    def listen(self, outbox: Outbox) -> None:
        """The client opened its stream."""
        self.outbox = outbox
        for frame in self._waiting:
            outbox.put(frame)
        self._waiting.clear()

    # --- Channel ---------------------------------------------------------------------------------

    @property
    def congested(self) -> bool:
        return self.outbox is not None and self.outbox.congested

    def send(self, frame: bytes) -> None:
        if self.outbox is not None:
            self.outbox.put(frame)
        elif len(self._waiting) < _WAITING:
            self._waiting[frame] = None

    def reply(self, frame: bytes, error: ProtocolError | None = None) -> None:
        """Answers go out on the response to their own request, never here."""

    def drop(self) -> None:
        """As with ``reply``."""


class Sessions:
    """At most so many, each forgotten after a time of silence. ``now`` gives seconds that never go back."""

    def __init__(self, server: Server, settings: HttpSettings, now: Callable[[], float]) -> None:
        self._server = server
        self._settings = settings
        self._now = now
        self._sessions: dict[str, Session] = {}

    def open(self) -> Session:
        """A session that is not known yet: ``keep`` it once its ``initialize`` has gone well."""
        session = Session(self._now())
        self._server.connect(session.peer)
        return session

    def keep(self, session: Session) -> None:
        """The one that was silent longest makes room."""
        for known in list(self._sessions.values()):
            if self._expired(known):
                self.end(known)
        if len(self._sessions) >= self._settings.max_sessions:
            self.end(min(self._sessions.values(), key=lambda known: (known.busy, known.used)))
        self._sessions[session.id] = session

    def find(self, session_id: str) -> Session | None:
        session = self._sessions.get(session_id)
        if session is None:
            return None
        if self._expired(session):
            self.end(session)
            return None
        self.touch(session)
        return session

    def touch(self, session: Session) -> None:
        session.used = self._now()

    def end(self, session: Session) -> None:
        """Stop what runs for it and close its streams."""
        self._sessions.pop(session.id, None)
        self._server.gone(session.peer)
        if session.outbox is not None:
            session.outbox.end()

    def end_all(self) -> None:
        for session in list(self._sessions.values()):
            self.end(session)

    def _expired(self, session: Session) -> bool:
        return not session.busy and self._now() - session.used > self._settings.session_seconds
