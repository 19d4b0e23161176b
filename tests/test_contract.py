"""The contract suite that plugins run on themselves: a plugin with a fault does not pass, and hears why."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import pytest

from mcp_agent.testing import PluginContract

GOOD = '''
from typing import Annotated, Any
import msgspec
from mcp_agent import Field, Finding, Scene, Setup, ToolError, hookimpl, tool

class Settings(msgspec.Struct):
    port: int = 80

@tool(effect="read")
async def faulty_add(first: Annotated[int, Field("One number.")], other: int = 0) -> int:
    """Add the other number to a number."""
    return first + other

async def adds(stage):
    stage.say((await stage.call("faulty_add", first=1)).text)

@hookimpl
def mcp_agent_tools():
    return [faulty_add]

@hookimpl
def mcp_agent_config():
    return Settings

@hookimpl
def mcp_agent_setup():
    finding = Finding("One at port 8080", {"port": 8080})
    return Setup(ask=("port",), secrets={"token": "A word it gives you."}, find=lambda: [finding])

@hookimpl
def mcp_agent_demo():
    return [Scene("It adds", adds)]

@hookimpl
async def mcp_agent_startup(ctx):
    pass

@hookimpl
async def mcp_agent_health(ctx):
    return "Fine."
'''
STRAY = "other: Annotated[Any, msgspec.Meta(extra_json_schema={{{}}})] = 0"
"""A schema that says something else than the type."""

MANY = "unittest.mock, xmlrpc.server, multiprocessing.pool, email.mime.text, xml.dom.minidom, curses.panel, dbm.dumb"
ONLY_ONCE = "    global started\n    if 'started' in globals(): raise ValueError('twice')\n    started = True"

LOADS = "test_it_loads_starts_and_stops"
IMPORT = "test_its_import_is_light"
HEALTH = "test_its_health_answers"
NAMES = "test_its_tools_are_named_and_described"
UNDO = "test_its_writes_say_how_they_are_undone"
ARGUMENTS = "test_its_arguments_are_described"
SCHEMAS = "test_its_schemas_are_valid"
REFUSES = "test_wrong_arguments_are_refused_by_name"
SETUP = "test_its_setup_asks_for_what_there_is"
EXAMPLES = "test_its_examples_give_what_the_schemas_promise"
UNDONE = "test_its_changes_can_be_undone"
SCENES = "test_its_scenes_play"
CHECKS = [LOADS, IMPORT, HEALTH, NAMES, UNDO, ARGUMENTS, SCHEMAS, REFUSES, SETUP, EXAMPLES, UNDONE, SCENES]


class Run:
    """Holds a source text to one check of the contract."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, source: str, check: str) -> None:
        (self.folder / "mcp_agent_faulty.py").write_text(textwrap.dedent(source))

        class Contract(PluginContract):
            module = "mcp_agent_faulty"
            examples = {"faulty_add": {"first": 2}}  # noqa: RUF012

        getattr(Contract(), check)()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.delitem(sys.modules, "mcp_agent_faulty", raising=False)
    return Run(tmp_path)


def test_every_check_is_tried_here() -> None:
    assert sorted(CHECKS) == sorted(name for name in dir(PluginContract) if name.startswith("test_"))


@pytest.mark.parametrize("check", CHECKS)
def test_a_good_plugin_passes(run: Run, check: str) -> None:
    run(GOOD, check)


@pytest.mark.parametrize(
    ("old", "new", "check", "says"),
    [
        ("import Field", "import Feild", LOADS, "It could not be imported: ImportError"),
        ("    pass", "    raise ValueError('no cable')", LOADS, "Its startup failed: ValueError: no cable"),
        ("    pass", ONLY_ONCE, LOADS, "it did not come back after a stop: Its startup failed: ValueError: twice"),
        ("    pass", "    print('hello')", LOADS, "it prints 'hello"),
        ("async def adds", "import yaml\nasync def adds", IMPORT, "yaml: import them in the functions"),
        ("async def adds", "print('hi')\nasync def adds", IMPORT, "prints 'hi\\n': stdout belongs to the protocol"),
        ("async def adds", f"import {MANY}\nasync def adds", IMPORT, "60 at most is fine: "),
        ('"Fine."', "7", HEALTH, "is 7, not a sentence"),
        ('return "Fine."', 'raise ToolError("The cable is loose.")', HEALTH, "The cable is loose"),
        ('"""Add the other number to a number."""', '"""Add."""', NAMES, "its docstring has 4 characters; 15 to 2000"),
        ("faulty_add", "faulty_addNow", NAMES, "use snake_case"),
        ('effect="read"', 'effect="write"', UNDO, 'undo=Undo(snapshot, restore), or undo="impossible"'),
        ('Annotated[int, Field("One number.")]', "int", ARGUMENTS, "say what first is"),
        ("other: int = 0", STRAY.format('"type": "nummer"'), SCHEMAS, "'nummer' is not valid"),
        ("other: int = 0", STRAY.format('"type": "string"'), REFUSES, "{'strange': True}}, but without naming other"),
        ('ask=("port",)', 'ask=("prot",)', SETUP, "asks for prot, which its Settings do not have"),
        ('"token":', '"to ken":', SETUP, "The name of a secret is"),
        ('"A word it gives you."', '" "', SETUP, "say what the secret token is"),
        ('{"port": 8080}', '{"port": "many"}', SETUP, 'One at port 8080: plugins.faulty.port was "many", but must be'),
        ('"One at port 8080"', '""', SETUP, "does not say what was found"),
        ("return first + other", 'return "five"', EXAMPLES, "the result is not what its schema says: 'five'"),
        ("return first + other", 'raise ToolError("Out of paper.")', EXAMPLES, "failed: Out of paper."),
        ("return first + other", "import time; return time.sleep(4) or 2", EXAMPLES, "faulty.py, line 12:"),
        ("return first + other", "return print(first) or first", EXAMPLES, "it prints '2"),
        ("stage.say(", "str(", SCENES, "'It adds' tells the person nothing"),
        ("stage.say(", "stage.check(False, 'too slow'); str(", SCENES, "too slow"),
    ],
)  # fmt: skip
def test_a_fault_is_found_and_named(run: Run, old: str, new: str, check: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(AssertionError) as caught:
        run(GOOD.replace(old, new), check)
    assert says in str(caught.value)


_SNAPSHOT = """
kept = [0, 1]

async def look(ctx, arguments, result):
    return {"kept": tuple(kept)}

async def put_back(ctx, arguments, result, before):
    kept[:] = before["kept"]

@tool(effect="write", undo=Undo(look, put_back))
""".strip()
WRITES = (
    GOOD.replace("ToolError, ", "ToolError, Undo, ")
    .replace("    return first", "    kept[0] += first\n    return first")
    .replace('@tool(effect="read")', _SNAPSHOT)
)


def test_a_change_that_can_be_undone_and_brought_back_passes(run: Run) -> None:
    """Also where a snapshot has what JSON writes in another way, such as rows of a database, which are tuples."""
    run(WRITES, UNDONE)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kept[:] = before["kept"]', "pass", "it was put back, but is not quite as it was before"),
        ('kept[:] = before["kept"]', "kept[0] = 0 if kept[0] else 1", "and that cannot be undone: "),
        ('kept[:] = before["kept"]', "raise ValueError", "(faulty_add) was not undone: undo:faulty_add failed because"),
        ("tuple(kept)", "kept.append(0) or tuple(kept)", "faulty_add({'first': 2}) cannot be undone: "),
        ("tuple(kept)", "open", "faulty_add({'first': 2}) failed: The snapshot of faulty_add failed because of a bug"),
    ],
)  # fmt: skip
def test_a_change_that_cannot_be_undone_is_found_and_named(run: Run, old: str, new: str, says: str) -> None:
    assert old in WRITES
    with pytest.raises(AssertionError) as caught:
        run(WRITES.replace(old, new), UNDONE)
    assert says in str(caught.value)
