"""Reading the command line: argparse, with errors that say what was meant."""

from __future__ import annotations

import argparse
import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from mcp_agent.errors import AgentError
from mcp_agent.model import LOG_LEVELS

_CHOICE = re.compile(r"invalid choice: '(.*?)' \(choose from (.*)\)", re.DOTALL)
_NO_NUMBER = re.compile(r"invalid (?:int|whole) value: ('.*?')")
_OVERVIEW = """\
usage: mcp-agent COMMAND ...

Gives an AI assistant hands on this machine, over MCP.

{commands}

Options of every command:
  --config FILE        the configuration, instead of the usual file
  --log-level LEVEL    log from this level on, and show it on stderr

'mcp-agent COMMAND --help' says more.
"""


class UsageError(AgentError):
    """The command line makes no sense; the text says what would."""


class Parser(argparse.ArgumentParser):
    """Raises UsageError instead of ending the process."""

    def __init__(self, **options: Any) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        message = _NO_NUMBER.sub(r"\1 is no whole number", message)
        choice = _CHOICE.search(message)
        if choice:
            known = re.findall(r"[\w-]+", choice[2])
            message = f"{choice[1]} is none of {', '.join(known)}.{near(choice[1], known)}"
        raise UsageError(f"{message}\n{self.format_usage().rstrip()}")

    def read(self, words: list[str]) -> argparse.Namespace | None:
        """None when help was asked for; it is shown then."""
        try:
            args, rest = self.parse_known_args(words)
        except SystemExit:
            return None
        if rest and hasattr(args, "words") and not any(word.startswith("-") for word in rest):
            args.words += rest  # argparse takes no positional words on both sides of an option
        elif rest:
            self.error(f"{rest[0]} is not understood here.{near(rest[0], self._known_options())}")
        return args

    def _known_options(self) -> list[str]:
        parsers: list[argparse.ArgumentParser] = [self]
        for action in self._actions:
            if isinstance(action, argparse._SubParsersAction):
                parsers += action.choices.values()
        return [text for parser in parsers for text in parser._option_string_actions]


def common(parser: argparse.ArgumentParser, *, below: bool = False) -> None:
    """The options of every command. ``below`` a command that has them too, they only count when given."""
    parser.add_argument(
        "--config", type=Path, metavar="FILE", default=argparse.SUPPRESS if below else None,
        help="the configuration, instead of the usual file",
    )  # fmt: skip
    parser.add_argument(
        "--log-level", choices=LOG_LEVELS, metavar="LEVEL", default=argparse.SUPPRESS if below else None,
        help=f"log from this level on, and show it on stderr: {', '.join(LOG_LEVELS)}",
    )  # fmt: skip


def json_option(parser: argparse.ArgumentParser, *, below: bool = False) -> None:
    parser.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS if below else False, help="JSON instead of text"
    )


def plugin_option(parser: argparse.ArgumentParser, *, below: bool = False) -> None:
    parser.add_argument(
        "--plugin", action="append", metavar="MODULE", default=argparse.SUPPRESS if below else [],
        help="load this plugin too, by its module path; may be given several times",
    )  # fmt: skip


def actions(parser: Parser, each: Mapping[str, str], *, plugin: bool) -> dict[str, Parser]:
    """A sub-command for each name, with its help; ``args.action`` is None where none is given."""
    choice = parser.add_subparsers(dest="action", metavar="ACTION", title="actions", parser_class=Parser)
    common_options = [common, json_option, *([plugin_option] if plugin else [])]
    for add in common_options[1:]:
        add(parser)
    made: dict[str, Parser] = {}
    for name, words in each.items():
        made[name] = choice.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
        for add in common_options:
            add(made[name], below=True)
    return made


def whole(text: str) -> int:
    """A number that every database can count to."""
    number = int(text)
    if abs(number) >= 2**53:
        raise argparse.ArgumentTypeError(f"{text} is too large")
    return number


def utf8(word: str) -> str:
    """The word itself. Raises UsageError for bytes that are no UTF-8: they could not be written down as they are."""
    try:
        word.encode()
        return word
    except UnicodeEncodeError:
        raise UsageError(f"{word!a} is no UTF-8 text, so nothing was done. Is the terminal set to UTF-8?") from None


def near(word: str, known: Iterable[str]) -> str:
    """`` Did you mean ...?``, or nothing when no name is near."""
    found = difflib.get_close_matches(word, list(known), 1)
    return f" Did you mean {found[0]}?" if found else ""


def overview(commands: Mapping[str, str]) -> str:
    """The help of the whole."""
    return _OVERVIEW.format(commands="\n".join(f"  {name:<10} {words}" for name, words in commands.items()))
