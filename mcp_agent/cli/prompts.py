"""Questions as plain lines: answers come from the terminal, or from a pipe."""

from __future__ import annotations

import getpass
import sys
import warnings
from collections.abc import Sequence

from mcp_agent.cli.output import prompt, say, say_wrapped
from mcp_agent.vault.secret import Secret
from mcp_agent.wizard.face import Check, Stopped


class Prompts:
    """A Face of the wizard."""

    def say(self, text: str) -> None:
        say_wrapped(text) if "\n" not in text.strip() else say(text)

    def pick(self, question: str, options: Sequence[str], chosen: Sequence[int]) -> list[int]:
        say(f"\n{question}")
        marks = set(chosen)
        for index, option in enumerate(options):
            say_wrapped(f"{index + 1}. [{'x' if index in marks else ' '}] {option}", "  ")
        while True:
            text = self._line("Numbers with spaces between, 'none', or nothing for those with an x: ")
            if not text:
                return sorted(marks)
            if text.lower() == "none":
                return []
            numbers = text.replace(",", " ").split()
            if all(number.isdecimal() and 1 <= int(number) <= len(options) for number in numbers):
                return sorted({int(number) - 1 for number in numbers})
            say(f"Numbers from 1 to {len(options)}, please.")

    def one(self, question: str, options: Sequence[str]) -> int:
        say(question)
        for index, option in enumerate(options):
            say_wrapped(f"{index + 1}. {option}", "  ")
        while True:
            text = self._line("Number [1]: ") or "1"
            if text.isdecimal() and 1 <= int(text) <= len(options):
                return int(text) - 1
            say(f"A number from 1 to {len(options)}, please.")

    def text(self, question: str, about: str, default: str, check: Check) -> str:
        if about:
            say_wrapped(about)
        while True:
            text = self._line(f"{question} [{default}]: " if default else f"{question}: ") or default
            wrong = check(text)
            if wrong is None:
                return text
            say_wrapped(wrong)

    def secret(self, question: str, about: str) -> Secret | None:
        say_wrapped(about)
        if not sys.stdin.isatty():
            text = self._line(f"{question}: ")
        else:
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("error", getpass.GetPassWarning)
                    text = getpass.getpass(f"{question}: ")
            except (getpass.GetPassWarning, EOFError):
                raise Stopped(
                    "This terminal cannot hide what is typed. 'mcp-agent secrets set' takes a pipe."
                ) from None
        return Secret(text) if text else None

    def yes(self, question: str) -> bool:
        return self._line(f"{question} [y/N] ").lower() in ("y", "yes")

    def _line(self, question: str) -> str:
        prompt(question)
        line = sys.stdin.readline()
        if not sys.stdin.isatty():
            say()  # what was typed is not on the screen
        if not line:
            raise Stopped("No more answers came, so nothing was changed.")
        return line.strip()
