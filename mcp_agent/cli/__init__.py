"""The command line. Each command is a module; only the one that runs is imported.

Exit codes: 0 it worked, 1 it did not, 2 it was asked wrong or the configuration is wrong, 130 stopped with Ctrl-C.
"""

from __future__ import annotations

import contextlib
import importlib
import keyword
import os
import sys
import threading
import time
from collections.abc import Sequence

from mcp_agent.errors import AgentError, ConfigError, refusal

COMMANDS = {
    "serve": "serve MCP to an assistant, on stdio or over HTTP",
    "setup": "set everything up, step by step",
    "install": "put mcp-agent into Claude Desktop, Cursor, VS Code and others",
    "uninstall": "take it out of them again",
    "clients": "see which assistants are here, and whether they start mcp-agent",
    "import": "see which other MCP servers they start",
    "demo": "see the agent at work, in half a minute",
    "plugins": "list plugins, see one, make one, switch them on and off",
    "tools": "list tools, see one, call one",
    "tui": "watch and steer what runs, in the terminal",
    "status": "see which instances run, and whom they serve",
    "calls": "see the latest calls, and follow them",
    "approve": "see what waits for your consent, and allow or refuse it",
    "undo": "take back what was changed",
    "audit": "see what was done, and prove that nothing was changed since",
    "doctor": "look for what is wrong, and how to mend it",
    "config": "write, see and check the configuration",
    "secrets": "set, list and delete the secrets of plugins",
    "version": "the version",
}
"""Every command is a module here with ``run(args) -> int``, and ``arguments(parser)`` where it takes any. One that is
a word of Python's own has a ``_`` behind its name."""

_LAST_WORDS = 1.0
"""Seconds that threads have to end once a command has."""
_VALUED = ("--config", "--log-level")


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``mcp-agent``. Gives the exit code."""
    code = _code(list(sys.argv[1:] if argv is None else argv))
    if argv is None:
        _leave_threads(code)
    return code


def _leave_threads(code: int) -> None:
    """End the process, though a plugin left a thread behind: nobody waits for that."""
    until = time.monotonic() + _LAST_WORDS
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                with contextlib.suppress(OSError, ValueError):
                    sys.stderr.flush()
                os._exit(code)


def _code(argv: list[str]) -> int:
    from mcp_agent.cli.arguments import UsageError

    _open_what_is_closed()
    try:
        code = _run(argv)
        sys.stdout.flush()
        return code
    except (UsageError, ConfigError) as error:
        return _failed(error, 2)
    except AgentError as error:
        return _failed(error, 1)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # whoever reads has enough, as in '| head'
        _forget_output()
        return 0
    except Exception as error:
        said = _refused(error)
        if said is None:
            raise
        if isinstance(error, OSError) and error.filename is None:  # it may be the output itself: '> file', a full disk
            _forget_output()
        return _failed(AgentError(said), 1)


def _open_what_is_closed() -> None:
    """A service may start this with no stdin or stdout at all: then nothing comes in, and nobody reads."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode))  # noqa: SIM115  open as long as the process


def _forget_output() -> None:
    """Or the end of the process would flush what is left, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _refused(error: Exception) -> str | None:
    """What to tell of a file or folder that cannot be used. None for a bug."""
    why = error.strerror or str(error) if isinstance(error, OSError) else refusal(error)
    if why is None:
        return None
    at = f"{error.filename}: " if isinstance(error, OSError) and error.filename else ""
    return f"{at}{why}. 'mcp-agent doctor' looks for a full disk and for folders that are closed."


def _run(argv: list[str]) -> int:
    from mcp_agent.cli.arguments import Parser, UsageError, common, near, overview

    at = _command_at(argv)
    if at is None:
        if "--version" in argv:
            return _run(["version"])
        sys.stdout.write(overview(COMMANDS))
        if argv and argv[-1] in _VALUED:
            raise UsageError(f"{argv[-1]} needs a value, and a command behind it.")
        unknown = [word for word in argv if word not in ("-h", "--help")]
        if unknown or not argv:
            raise UsageError(f"{unknown[0]} is no option here." if unknown else "Name a command.")
        return 0
    name = argv[at]
    if name not in COMMANDS:
        raise UsageError(f"There is no command {name}.{near(name, COMMANDS)} 'mcp-agent --help' lists them.")
    module = importlib.import_module(f"mcp_agent.cli.{name}{'_' * keyword.iskeyword(name)}")
    parser = Parser(prog=f"mcp-agent {name}", description=module.__doc__)
    common(parser)
    if hasattr(module, "arguments"):
        module.arguments(parser)
    args = parser.read(argv[:at] + argv[at + 1 :])
    if args is None:  # help was asked for and shown
        return 0
    code: int = module.run(args)
    return code


def _command_at(argv: list[str]) -> int | None:
    """The place of the command: the first word that is no option and no value of one."""
    skip = False
    for index, word in enumerate(argv):
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in _VALUED
        else:
            return index
    return None


def _failed(error: Exception, code: int) -> int:
    from mcp_agent.cli.output import complain

    complain(f"mcp-agent: {error}")
    return code
