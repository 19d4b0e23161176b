"""A process that reads documents for the host: ``python -m mcp_agent_research.library.worker``.

Strangers wrote what it parses. Here a parser may hang, grow or crash without taking the host with it. It serves frames
on stdin and stdout, four bytes of length and then msgpack, and ends when stdin does.
"""

from __future__ import annotations

import os
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
    while len(head := stdin.read(4)) == 4:
        _serve(decoder.decode(stdin.read(int.from_bytes(head))), stdout)


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


def _limit_memory() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


if __name__ == "__main__":
    main()
