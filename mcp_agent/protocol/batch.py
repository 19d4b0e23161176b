"""Batches, which exist in MCP 2025-03-26 only."""

from __future__ import annotations

from mcp_agent.errors import ProtocolError
from mcp_agent.protocol.peer import Channel


class Batch:
    """Collects the answers to a batch and sends them as one array; everything else passes through."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._expected = 0
        self._complete = False
        self._answers: list[bytes] = []

    @property
    def congested(self) -> bool:
        return self._channel.congested

    def send(self, frame: bytes) -> None:
        self._channel.send(frame)

    def expect(self) -> None:
        self._expected += 1

    def all_received(self) -> None:
        self._complete = True
        self._flush()

    def reply(self, frame: bytes, error: ProtocolError | None = None) -> None:
        self._answers.append(frame)
        self._flush()

    def drop(self) -> None:
        self._expected -= 1
        self._flush()

    def _flush(self) -> None:
        if not self._complete or len(self._answers) < self._expected:
            return
        if self._answers:
            self._channel.reply(b"[" + b",".join(self._answers) + b"]")
            self._answers = []
        else:
            self._channel.drop()
