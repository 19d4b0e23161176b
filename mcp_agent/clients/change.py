"""Changes to the files of clients: planned and shown first, then made with a copy of what was there, and taken back."""

from __future__ import annotations

import contextlib
import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from mcp_agent.clients.entry import beginning, editor_of, entry_of, snippet, spot_of
from mcp_agent.clients.files import Copies, Record, digest, read, replace
from mcp_agent.clients.launch import Launch, missing
from mcp_agent.clients.machine import Found
from mcp_agent.clients.servers import MARK, fields, secrets_in
from mcp_agent.clients.table import SERVER
from mcp_agent.clients.text import BrokenFile, check, entry_at
from mcp_agent.errors import AgentError

_BOM = "\ufeff"
_WIDEST = 200
"""Characters of a line in a diff: some programs write all on one."""

Status = Literal["not here", "not installed", "installed", "differs", "points to nothing", "broken"]


class Change(Struct, frozen=True):
    """``before`` is None for a file that is not there, ``after`` for one that shall not be there. ``action``: put in
    where there was none, put in place of another, or take out."""

    found: Found
    before: str | None
    after: str | None
    action: Literal["add", "update", "remove"]

    @property
    def needed(self) -> bool:
        return self.before != self.after

    def diff(self) -> Iterator[str]:
        """As 'diff -u' shows it, with little around, and without the secrets of other servers."""
        name, client = str(self.found.file), self.found.client
        before, after = ((text or "").removeprefix(_BOM) for text in (self.before, self.after))
        secrets = {one for text in (before, after) for one in secrets_in(client, editor_of(client).parse(text))}
        for line in difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, lineterm="", n=1):
            for secret in sorted(secrets, key=len, reverse=True):
                line = line.replace(secret, MARK)
            yield line if len(line) <= _WIDEST else f"{line[:_WIDEST]}..."


def install(found: Found, launch: Launch) -> Change:
    """Put the entry in; not needed where it is there. Raises AgentError where the file cannot be changed safely."""
    client = found.client
    with _telling(found, f"Mend it, or write there yourself:\n{snippet(client, launch)}"):
        before = read(found.file)
        bom, text = _split(beginning(client) if before is None else before)
        spot, editor = spot_of(client), editor_of(client)
        present = entry_at(editor.parse(text), spot)
        action: Literal["add", "update"] = "add" if present is None else "update"
        entry = entry_of(client, launch, present if isinstance(present, dict) else {})
        if present == entry:
            return Change(found, before, before, action)
        after = editor.put(text, spot, entry)
        check(editor, text, after, spot, entry)
        return Change(found, before, bom + after, action)


def uninstall(found: Found, state: Path) -> Change:
    """Take the entry out. A file that is still as the installation left it becomes again what it was before."""
    client, copies = found.client, Copies(state)
    with _telling(found, f"Take {SERVER} out of it by hand."):
        before = read(found.file)
        bom, text = _split(before or "")
        spot, editor = spot_of(client), editor_of(client)
        if before is None or entry_at(editor.parse(text), spot) is None:
            return Change(found, before, before, "remove")
        record = copies.recorded(client.name)
        if record and record.file == str(found.file) and record.after == digest(before):
            earlier = record.before and copies.read(record.before)
            if earlier is not None or record.before is None:
                return Change(found, before, earlier, "remove")
        after = editor.drop(text, spot)
        check(editor, text, after, spot, None)
        return Change(found, before, bom + after, "remove")


def apply(change: Change, state: Path) -> Path | None:
    """Make the change. Gives the copy of what was there. Raises AgentError where the file is another by now."""
    found, copies = change.found, Copies(state)
    with _telling(found, "Nothing was changed."):
        if read(found.file) != change.before:
            raise BrokenFile("it was changed meanwhile. Try again.")
        copy = None if change.before is None else copies.keep(found.client.name, found.file, change.before)
        copies.record(found.client.name, _record(change, copies, copy))
        if change.after is None:
            found.file.unlink(missing_ok=True)
        else:
            replace(found.file, change.after)
    return copy


def _record(change: Change, copies: Copies, copy: Path | None) -> Record | None:
    """How to make the file again what it was without the entry; None where nobody knows."""
    if change.action == "remove" or change.after is None:
        return None
    file, after = str(change.found.file), digest(change.after)
    if change.action == "add":
        return Record(file, copy.name if copy else None, after)
    last = copies.recorded(change.found.client.name)
    untouched = last is not None and change.before is not None and last.after == digest(change.before)
    return Record(file, last.before, after) if last is not None and untouched else None


def status(found: Found, launch: Launch) -> tuple[Status, str]:
    """How this agent stands with a client, and a word about it."""
    if not found.here:
        return "not here", ""
    try:
        entry = entry_at(tree_of(found), spot_of(found.client))
    except AgentError as error:
        return "broken", str(error)
    if not isinstance(entry, dict):
        return "not installed", ""
    command, args, _ = fields(found.client, entry)
    gone = missing(command, args) if command else "A command"
    if gone is not None:
        return "points to nothing", f"{gone} is not there."
    if entry_of(found.client, launch, entry) != entry:
        return "differs", "It starts another installation, or with other options."
    return "installed", ""


def tree_of(found: Found) -> Any:
    """What the file says, None where there is nothing. Raises AgentError for one that cannot be read."""
    with _telling(found, "Mend it in the program itself, or by hand."):
        tree = editor_of(found.client).parse((read(found.file) or "").removeprefix(_BOM))
        entry_at(tree, spot_of(found.client))
        return tree


def _split(text: str) -> tuple[str, str]:
    return (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)


@contextlib.contextmanager
def _telling(found: Found, otherwise: str) -> Iterator[None]:
    """Problems with a file, in words that name it."""
    try:
        yield
    except BrokenFile as error:
        raise AgentError(f"{found.client.title}: {found.file} was left as it is: {error} {otherwise}") from None
    except OSError as error:
        raise AgentError(f"{found.client.title}: {found.file} cannot be used: {error.strerror}. {otherwise}") from None
