"""A process that reads documents for the host: ``python -m mcp_agent_research.library.worker SECONDS``.

Strangers wrote what it parses. Here a parser may hang, grow or crash without taking the host with it. It serves frames
on stdin and stdout, four bytes of length and then msgpack, and ends when stdin does, or when a
document takes longer than SECONDS: then there is most likely nobody any more who could end it.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import BinaryIO

import msgspec

from mcp_agent import ToolError
from mcp_agent_research.library.page import Answer, Request

_MOST_MEMORY = 2 * 1024**3


def main() -> None:
    stdin, stdout = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no frame
    _limit_memory()
    decoder = msgspec.msgpack.Decoder(Request)
    seconds = int(sys.argv[1])
    while len(head := stdin.read(4)) == 4:
        _end_after(seconds)
        _serve(decoder.decode(stdin.read(int.from_bytes(head))), stdout)
        _end_after(0)


def _serve(request: Request, stdout: BinaryIO) -> None:
    from mcp_agent_research.library.readers import read_document

    try:
        answer = Answer(page=read_document(request.name, request.body, request.charset))
    except ToolError as error:
        answer = Answer(error=str(error))
    except MemoryError:
        answer = Answer(error="Reading it takes too much memory.")
    body = msgspec.msgpack.encode(answer)
    stdout.write(len(body).to_bytes(4) + body)
    stdout.flush()


def _end_after(seconds: int) -> None:
    """The alarm ends the process, even in the middle of a library; 0 takes it back. Windows has none."""
    if hasattr(signal, "alarm"):
        signal.alarm(seconds)


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    main()
