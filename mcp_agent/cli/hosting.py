"""The configuration and a running host, for the commands that need them."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from mcp_agent import config_file
from mcp_agent.config import Config
from mcp_agent.paths import Paths, default_paths

if TYPE_CHECKING:  # commands that need no host do not wait for it
    from mcp_agent.host import Host
    from mcp_agent.vault.redact import Redactor

T = TypeVar("T")

log = logging.getLogger(__name__)


def file_of(args: argparse.Namespace) -> Path:
    """The configuration file that counts."""
    chosen: Path | None = args.config
    return chosen or default_paths().config_file


def load_config(args: argparse.Namespace) -> Config:
    """The configuration, with what the command line says over it. Raises ConfigError."""
    config = config_file.load(file_of(args), required=args.config is not None)
    if args.log_level:
        log = msgspec.structs.replace(config.log, level=args.log_level, stderr_level=args.log_level)
        config = msgspec.structs.replace(config, log=log)
    return config


@contextlib.contextmanager
def logging_to(paths: Paths, config: Config, *, stderr: bool) -> Iterator[None]:
    """Log while it lasts; to stderr only where that is wanted."""
    from mcp_agent import logs

    close = logs.configure(paths.log_file, config.log, stderr=logs.STDERR if stderr else None)
    try:
        yield
    finally:
        close()


def import_from_here(modules: list[str]) -> None:
    """Let plugins that are given by module path be found in the current folder."""
    if modules and os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())


def hosted(args: argparse.Namespace, work: Callable[[Host], Awaitable[T]]) -> T:
    """What ``work`` gives on a host with every plugin started. What plugins print goes to stderr."""
    from mcp_agent.host import Host

    paths, config = default_paths(), load_config(args)
    import_from_here(args.plugin)

    host = Host(config, paths=paths, modules=args.plugin)
    redact_prints(host.vault.redactor)

    async def run() -> T:
        async with host:
            redact_logs(host.vault.redactor)
            await host.started()
            for one in host.plugins():
                if one.status == "failed" and one.module in args.plugin:  # or its author looks for tools that are not
                    from mcp_agent.cli.output import complain  # serving never needs it

                    complain(f"Plugin {one.module} failed: {one.reason}")
            return await work(host)

    logged = logging_to(paths, config, stderr=bool(args.log_level))
    with logged, contextlib.redirect_stdout(sys.stderr), asyncio.Runner() as runner:
        return run_to_the_end(runner, run())


def run_to_the_end(runner: asyncio.Runner, work: Coroutine[Any, Any, T]) -> T:
    """Though a task that a plugin began raises SystemExit: that ends a loop from inside, and all others with it."""
    task = runner.get_loop().create_task(work)

    async def ended() -> T:
        return await task

    while True:
        try:
            return runner.run(ended())
        except SystemExit as error:
            if task.done():
                raise
            log.error("A plugin tried to end the program with sys.exit(%s) in a task of its own", error)


def redact_prints(redactor: Redactor) -> None:
    """What anything prints holds no secret, until the process ends: threads of plugins may outlast the host."""
    from mcp_agent.vault.stream import RedactingStream

    sys.stdout, sys.stderr = RedactingStream(sys.stdout, redactor), RedactingStream(sys.stderr, redactor)


def redact_logs(redactor: Redactor) -> None:
    """What is logged holds no secret, as long as there are the handlers of now: the event loop, which outlasts the
    host, tells of tasks that plugins left behind."""
    from mcp_agent.vault.log_filter import RedactingFilter

    for handler in logging.getLogger().handlers:
        handler.addFilter(RedactingFilter(redactor))
