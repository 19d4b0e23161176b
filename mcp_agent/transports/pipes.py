"""Reading and writing descriptors that the event loop may not be able to wait on: then a thread does."""

from __future__ import annotations

import asyncio
import os
import queue
import stat
import sys
import threading
from collections.abc import Callable
from typing import Protocol

HIGH_WATER = 1 << 20
"""Bytes waiting to be written at which a writer asks for a pause."""


class Events(Protocol):
    """What a reader tells."""

    def data_received(self, data: bytes) -> None: ...
    def eof_received(self) -> bool | None: ...
    def connection_lost(self, error: Exception | None) -> None: ...


class Reader(Protocol):
    """A source that can be told to hold on."""

    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def close(self) -> None: ...


class Writer(Protocol):
    """A sink that never blocks the caller."""

    def write(self, data: bytes) -> None: ...
    async def close(self, seconds: float) -> None:
        """Write what is left, for so many seconds at most."""


def is_stream(fd: int) -> bool:
    """Whether the event loop can wait on it: pipes, sockets and terminals on POSIX; nothing on Windows.

    No files, and no /dev/null: libuv ends the process when it is asked to wait on one of those.
    """
    if sys.platform == "win32":
        return False
    mode = os.fstat(fd).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode) or os.isatty(fd)


def are_one_socket(inward: int, outward: int) -> bool:
    """Whether both ends are the same socket, as under socat or inetd.

    A loop that writes to it would take what comes in for the end of it: threads must do both then.
    """
    return stat.S_ISSOCK(os.fstat(inward).st_mode) and os.path.sameopenfile(inward, outward)


async def open_reader(fd: int, events: Events, *, on_loop: bool) -> Reader:
    """``on_loop`` where the event loop can wait on it, a thread otherwise."""
    loop = asyncio.get_running_loop()
    if on_loop:
        transport, _ = await loop.connect_read_pipe(lambda: _Forward(events), os.fdopen(fd, "rb", 0))
        return _LoopReader(transport)
    return ThreadReader(fd, events, loop)


async def open_writer(
    fd: int, pause: Callable[[], None], resume: Callable[[], None], lost: Callable[[], None], *, on_loop: bool
) -> Writer:
    """``pause`` is called when more than HIGH_WATER bytes wait, ``resume`` when few do, ``lost`` when the other
    end is gone."""
    loop = asyncio.get_running_loop()
    if on_loop:
        return await _LoopWriter.open(fd, pause, resume, lost)
    return ThreadWriter(fd, pause, resume, lost, loop)


class _Forward(asyncio.Protocol):
    def __init__(self, events: Events) -> None:
        self._events = events

    def data_received(self, data: bytes) -> None:
        self._events.data_received(data)

    def eof_received(self) -> bool | None:
        return self._events.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._events.connection_lost(exc)


class _LoopReader:
    def __init__(self, transport: asyncio.ReadTransport) -> None:
        self._transport = transport

    def pause(self) -> None:
        if not self._transport.is_closing():
            self._transport.pause_reading()

    def resume(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self) -> None:
        self._transport.close()


class _LoopWriter(asyncio.BaseProtocol):
    _transport: asyncio.WriteTransport

    def __init__(self, pause: Callable[[], None], resume: Callable[[], None], lost: Callable[[], None]) -> None:
        self._pause, self._resume, self._lost = pause, resume, lost
        self._closed = asyncio.get_running_loop().create_future()

    @classmethod
    async def open(
        cls, fd: int, pause: Callable[[], None], resume: Callable[[], None], lost: Callable[[], None]
    ) -> _LoopWriter:
        loop = asyncio.get_running_loop()
        transport, writer = await loop.connect_write_pipe(lambda: cls(pause, resume, lost), os.fdopen(fd, "wb", 0))
        transport.set_write_buffer_limits(high=HIGH_WATER)
        writer._transport = transport
        return writer

    def pause_writing(self) -> None:
        self._pause()

    def resume_writing(self) -> None:
        self._resume()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._closed.done():
            self._closed.set_result(None)
        self._lost()

    def write(self, data: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(data)

    async def close(self, seconds: float) -> None:
        self._transport.close()  # writes what is buffered first
        await asyncio.wait([self._closed], timeout=seconds)


class ThreadReader:
    """Reads in a daemon thread, which ends with the process: a blocked read cannot be woken portably."""

    def __init__(self, fd: int, events: Events, loop: asyncio.AbstractEventLoop) -> None:
        self._fd, self._events, self._loop = fd, events, loop
        self._go = threading.Event()
        self._go.set()
        self._closed = False
        threading.Thread(target=self._read, name="stdio-reader", daemon=True).start()

    def pause(self) -> None:
        self._go.clear()

    def resume(self) -> None:
        self._go.set()

    def close(self) -> None:
        self._closed = True
        self._go.set()

    def _read(self) -> None:
        while True:
            self._go.wait()
            try:
                data = os.read(self._fd, 1 << 16)
            except OSError:
                data = b""
            if self._closed:
                return
            if not data:
                self._loop.call_soon_threadsafe(self._events.eof_received)
                self._loop.call_soon_threadsafe(self._events.connection_lost, None)
                return
            # One chunk at a time: the next read waits until this one has been taken in.
            taken = threading.Event()
            self._loop.call_soon_threadsafe(self._deliver, data, taken)
            taken.wait()

    def _deliver(self, data: bytes, taken: threading.Event) -> None:
        try:
            self._events.data_received(data)
        finally:
            taken.set()


class ThreadWriter:
    """Writes in a daemon thread, in order."""

    def __init__(
        self, fd: int, pause: Callable[[], None], resume: Callable[[], None], lost: Callable[[], None],
        loop: asyncio.AbstractEventLoop,
    ) -> None:  # fmt: skip
        self._fd, self._loop = fd, loop
        self._pause, self._resume, self._lost = pause, resume, lost
        self._waiting = 0
        self._paused = False
        self._closed = asyncio.Event()
        self._queue: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()  # bounded by the pause it asks for
        threading.Thread(target=self._write, name="stdio-writer", daemon=True).start()

    def write(self, data: bytes) -> None:
        self._waiting += len(data)
        self._queue.put(data)
        if self._waiting > HIGH_WATER and not self._paused:
            self._paused = True
            self._pause()

    async def close(self, seconds: float) -> None:
        self._queue.put(None)
        try:
            await asyncio.wait_for(self._closed.wait(), seconds)
        except TimeoutError:
            return

    def _write(self) -> None:
        while (data := self._queue.get()) is not None:
            view = memoryview(data)
            try:
                while view:
                    view = view[os.write(self._fd, view) :]
            except OSError:
                self._loop.call_soon_threadsafe(self._lost)
                break
            self._loop.call_soon_threadsafe(self._written, len(data))
        self._loop.call_soon_threadsafe(self._closed.set)

    def _written(self, size: int) -> None:
        self._waiting -= size
        if self._paused and self._waiting < HIGH_WATER // 4:
            self._paused = False
            self._resume()
