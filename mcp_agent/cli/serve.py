"""Serve MCP: on stdin and stdout for an assistant that starts this command, or over HTTP."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from mcp_agent.cli.arguments import Parser, UsageError, plugin_option

if TYPE_CHECKING:
    from mcp_agent.config import Config
    from mcp_agent.host import Host
    from mcp_agent.paths import Paths

    _Speak = Callable[[Host], Coroutine[Any, Any, None]]
    _Speaking = Callable[[Paths, Config], _Speak]

_LAST_WORDS = 1.0
"""Seconds that logs and libraries have to close once all is served."""


def arguments(parser: Parser) -> None:
    parser.add_argument(
        "--http", type=_address, metavar="HOST:PORT", help="serve over HTTP there, such as 127.0.0.1:8931"
    )
    parser.add_argument(
        "--no-token", action="store_true", help="let every program on this machine in; only with an address of its own"
    )
    plugin_option(parser)


def run(args: argparse.Namespace) -> int:
    """Ends with 0 when the client is gone, and on SIGTERM and Ctrl-C, from the first moment on."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # raises KeyboardInterrupt, until the loop takes it over
    with contextlib.suppress(KeyboardInterrupt):
        _serve(args, _over_stdio(args) if args.http is None else _over_http(args))
    return 0


_TURN = 0.0005
"""Seconds after which a thread that waits for the interpreter gets it. With the usual 5 ms the thread that writes the
audit log falls behind a busy event loop, which then waits for room in the queue."""


def _serve(args: argparse.Namespace, speaking: _Speaking) -> None:
    from mcp_agent.cli.hosting import (
        import_from_here,
        load_config,
        logging_to,
        redact_logs,
        redact_prints,
        run_to_the_end,
    )
    from mcp_agent.control.endpoint import control_socket
    from mcp_agent.host import Host
    from mcp_agent.paths import default_paths
    from mcp_agent.transports.parent import end_soon

    paths, config = default_paths(), load_config(args)
    speak = speaking(paths, config)
    sys.setswitchinterval(_TURN)
    import_from_here(args.plugin)

    async def run() -> None:
        async with Host(config, paths=paths, modules=args.plugin) as host:
            redact_prints(host.vault.redactor)
            redact_logs(host.vault.redactor)
            async with control_socket(host, paths, "stdio" if args.http is None else "http"):
                await speak(host)
        end_soon(_LAST_WORDS)

    with logging_to(paths, config, stderr=True), asyncio.Runner(loop_factory=_loop_factory()) as runner:
        run_to_the_end(runner, run())


def _over_stdio(args: argparse.Namespace) -> _Speaking:
    if args.no_token:
        raise UsageError("--no-token goes with --http only: on stdio there is no token.")
    from mcp_agent.transports import stdio

    inward, outward = stdio.take_stdio()  # from here on nothing else can write to the client
    if os.isatty(inward):
        _tell("This waits for an assistant to speak MCP on stdin. Ctrl-D or Ctrl-C ends it.")

    async def speak(host: Host) -> None:
        await stdio.serve(host.server, inward, outward, max_line=host.config.limits.message_bytes)

    return lambda paths, config: speak


def _over_http(args: argparse.Namespace) -> _Speaking:
    from mcp_agent.transports import http
    from mcp_agent.vault.secret import Secret

    address, port = args.http
    http.check_address(address, not args.no_token)

    def speaking(paths: Paths, config: Config) -> _Speak:
        token = None if args.no_token else http.load_token(paths)

        def started(url: str) -> None:
            _tell(f"MCP is served at {url}. Ctrl-C ends it.")
            if token is not None:
                _tell(f"Clients must send the token in {paths.state / 'http.token'}")

        async def speak(host: Host) -> None:
            if token is not None:
                host.vault.redactor.add(Secret(token))  # what is wrong with a request goes to the log
            await http.serve(
                host.server, address, port, token=token, settings=config.http,
                max_bytes=config.limits.message_bytes, started=started, stop=_stopped(),
            )  # fmt: skip

        return speak

    return speaking


def _stopped() -> asyncio.Event:
    """Set on SIGTERM and Ctrl-C. On Windows those end the loop instead."""
    stop = asyncio.Event()
    with contextlib.suppress(NotImplementedError):
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    try:
        import uvloop
    except ImportError:  # Windows, PyPy
        return None
    return uvloop.new_event_loop


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isdecimal() or int(port) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is no address: write HOST:PORT, such as 127.0.0.1:8931")
    return host.removeprefix("[").removesuffix("]"), int(port)


def _tell(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
