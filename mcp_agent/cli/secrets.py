"""Set, list and delete the secrets of plugins, and change the key they are kept under.

A value is typed without being shown, or comes from a pipe; it is never part of the command.
"""

from __future__ import annotations

import argparse
import getpass
import sys
import warnings

from mcp_agent import plugins
from mcp_agent.cli.arguments import Parser, UsageError, actions, near
from mcp_agent.cli.hosting import load_config
from mcp_agent.cli.output import complain, say, say_json, say_table
from mcp_agent.errors import VaultError
from mcp_agent.paths import default_paths
from mcp_agent.vault.backend import Backend, Key, check_key
from mcp_agent.vault.choose import choose
from mcp_agent.vault.file_backend import FileBackend
from mcp_agent.vault.keys import passphrase_from_environment
from mcp_agent.vault.redact import LONGEST, check_value
from mcp_agent.vault.secret import Secret


def arguments(parser: Parser) -> None:
    made = actions(
        parser,
        {
            "list": "list the names of all secrets",
            "set": "set a secret: it asks for the value, or reads it from a pipe",
            "delete": "delete a secret",
            "rotate": "encrypt the file of secrets under a new key",
        },
        plugin=False,
    )
    for action in ("set", "delete"):
        made[action].add_argument("owner", metavar="PLUGIN", help="the plugin that uses it")
        made[action].add_argument("name", metavar="NAME", help="what the plugin calls it, such as token")
    made["set"].add_argument(
        "words", nargs="*", default=[], help=argparse.SUPPRESS
    )  # a value, to be refused without showing it
    kind = made["rotate"].add_mutually_exclusive_group()
    kind.add_argument("--passphrase", action="store_true", help="a new passphrase from now on")
    kind.add_argument("--key-file", action="store_true", help="a new key in a file from now on")


def run(args: argparse.Namespace) -> int:
    return {"list": _list, "set": _set, "delete": _delete, "rotate": _rotate}[args.action or "list"](args)


def _list(args: argparse.Namespace) -> int:
    names = _backend(args).names()
    if args.json:
        say_json([{"plugin": key.plugin, "name": key.name} for key in names])
    elif names:
        say_table(names, Key("PLUGIN", "NAME"))
    else:
        say("There are no secrets. 'mcp-agent secrets set PLUGIN NAME' sets one.")
    return 0


def _set(args: argparse.Namespace) -> int:
    if args.words:
        raise UsageError(
            "A secret is never part of a command: it would stay in the history of the shell, and every user of this "
            "machine could see it. Leave it out, and it is asked for. If it was real, replace it where it came from."
        )
    key = check_key(args.owner, args.name)
    value = _entered(f"{key.plugin} {key.name}: ")
    check_value(value)
    backend = _backend(args)
    backend.set(key, value)
    _report(args, f"{key.plugin} {key.name} is set, in {backend.place}.", place=backend.place)
    known = [one.name for one in plugins.discover()]
    if key.plugin not in known:  # it may come later
        complain(f"There is no plugin {key.plugin} yet.{near(key.plugin, known)}")
    return 0


def _delete(args: argparse.Namespace) -> int:
    key = check_key(args.owner, args.name)
    if not _backend(args).delete(key):
        raise VaultError(f"{key.plugin} has no secret {key.name}. 'mcp-agent secrets list' shows all names.")
    _report(args, f"{key.plugin} {key.name} is deleted.")
    return 0


def _rotate(args: argparse.Namespace) -> int:
    backend = _backend(args)
    if not isinstance(backend, FileBackend):
        raise VaultError(
            f"The secrets of this home are in {backend.place}, which keeps its key to itself. Change it there."
        )
    to_passphrase = args.passphrase or (not args.key_file and backend.has_passphrase)
    backend.rotate(_new_passphrase() if to_passphrase else None)
    _report(args, f"The secrets are encrypted under a new {'passphrase' if to_passphrase else 'key in a file'}.")
    return 0


def _backend(args: argparse.Namespace) -> Backend:
    """Where this home keeps its secrets. A command may block, so it uses the place as it is."""
    paths, config = default_paths(), load_config(args)
    return choose(config.vault.store, paths.data, paths.state, passphrase)


def passphrase() -> Secret:
    """The present one: from the environment, or from the person."""
    try:
        return passphrase_from_environment()
    except VaultError:
        if not sys.stdin.isatty():
            raise
    return _asked("Passphrase of the secrets: ")


def _new_passphrase() -> Secret:
    if not sys.stdin.isatty():
        return _entered("")
    first = _asked("New passphrase: ")
    if first != _asked("The same again: "):
        raise VaultError("The two are not the same. Nothing was changed; try again.")
    return first


def _entered(prompt: str) -> Secret:
    """Typed without being shown, or all of a pipe without its last line break."""
    if sys.stdin.isatty():
        return _asked(prompt)
    data = sys.stdin.buffer.read(LONGEST + 3)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise VaultError("What came from the pipe is no UTF-8 text. Encode it first, in base64 for example.") from None
    return _no_empty(text.removesuffix("\n").removesuffix("\r"))


def _asked(prompt: str) -> Secret:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return _no_empty(getpass.getpass(prompt))
    except getpass.GetPassWarning:
        raise VaultError("This terminal cannot hide what is typed, so nothing was asked. Pipe it in.") from None
    except EOFError:
        raise VaultError("Nothing was entered, so nothing was changed.") from None


def _no_empty(text: str) -> Secret:
    if not text:
        raise VaultError("Nothing was entered, so nothing was changed.")
    return Secret(text)


def _report(args: argparse.Namespace, text: str, **facts: str) -> None:
    if args.json:
        say_json({"ok": True, **facts})
    else:
        say(text)
