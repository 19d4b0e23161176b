"""Every client on every platform, held against files that were looked over by a person.

``UPDATE_GOLDEN=1`` writes them anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from mcp_agent.clients.change import Change, apply, install, uninstall
from mcp_agent.clients.table import BY_NAME, Platform
from mcp_agent.errors import AgentError
from tests.assistants.machines import BROKEN, EVERY, LAUNCH, found, input_of

GOLDEN = Path(__file__).parent / "golden"


def _cases(name: str, platform: Platform, folder: Path) -> Iterator[tuple[str, str]]:
    """A title and a text for each thing that can be met."""
    launch = LAUNCH[platform]
    missing = found(name, platform, folder)
    yield "file", missing.file.relative_to(folder).as_posix()
    yield "without a file", _after(install(missing, launch))
    others = found(name, platform, folder, input_of(name))
    change = install(others, launch)
    yield "beside others", _after(change)
    yield "as it is shown", "\n".join(change.diff()).replace(f"{folder}/", "")
    others.file.write_bytes((change.after or "").encode())
    yield "taken out by hand", _after(uninstall(others, folder / "state"))
    for file_format, text in BROKEN.items():
        if file_format == BY_NAME[name].format:
            broken = found(name, platform, folder, text.encode())
            with pytest.raises(AgentError) as refused:
                install(broken, launch)
            yield "broken", str(refused.value).replace(f"{folder}/", "")
            assert broken.file.read_bytes() == text.encode()


def _after(change: Change) -> str:
    assert change.after is not None
    return change.after


@pytest.mark.parametrize(("name", "platform"), EVERY)
def test_it_writes_what_was_looked_over(name: str, platform: Platform, tmp_path: Path) -> None:
    written = "".join(f"=== {title}\n{text}\n" for title, text in _cases(name, platform, tmp_path)).encode()
    golden = GOLDEN / platform / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(written)
    assert written.decode() == golden.read_bytes().decode()


def test_nothing_golden_is_left_over() -> None:
    assert {(path.stem, path.parent.name) for path in GOLDEN.glob("*/*")} == set(EVERY)


@pytest.mark.parametrize(("name", "platform"), EVERY)
def test_a_change_adds_and_nothing_else(name: str, platform: Platform, tmp_path: Path) -> None:
    """Byte for byte: without what was put in, the text is the one before."""
    before = input_of(name).decode()
    after = _after(install(found(name, platform, tmp_path, before.encode()), LAUNCH[platform]))
    start = next(index for index, (old, new) in enumerate(zip(before + "\0", after + "\0", strict=False)) if old != new)
    added, rest = len(after) - len(before), before[start:]
    assert added > 0
    pieces = after[start:]
    assert pieces.endswith(rest) or _with_comma(pieces, rest), "something that was there is not there any more"


def _with_comma(pieces: str, rest: str) -> bool:
    """A comma behind the last member, what stood behind it, the new one, the end."""
    common = 0
    while common < len(rest) and pieces[1:][common] == rest[common]:
        common += 1
    return (pieces[0] == "," and pieces.endswith(rest[common:])) or rest.strip("{} \r\n") == ""


@pytest.mark.parametrize(("name", "platform"), EVERY)
def test_install_twice_is_install_once_and_undo_brings_back_every_byte(
    name: str, platform: Platform, tmp_path: Path
) -> None:
    state = tmp_path / "state"
    for before in (input_of(name), None):
        there = found(name, platform, tmp_path, before)
        if before is None:
            there.file.unlink()
        copy = apply(install(there, LAUNCH[platform]), state)
        assert not install(there, LAUNCH[platform]).needed
        assert (copy.read_bytes() if copy else None) == before
        apply(uninstall(there, state), state)
        assert (there.file.read_bytes() if there.file.exists() else None) == before
        assert not uninstall(there, state).needed
