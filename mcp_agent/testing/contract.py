"""The contract between the host and a plugin, as tests that a plugin runs on itself.

In a plugin's tests::

    class TestContract(PluginContract):
        module = "mcp_agent_dice"
        examples = {"dice_roll": {"sides": 6}}
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import re
from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar

from msgspec import UNSET
from msgspec.structs import fields

from mcp_agent.config_file import check_plugin
from mcp_agent.errors import InvalidArguments, PluginError, VaultError
from mcp_agent.host import Host
from mcp_agent.jsonio import encode
from mcp_agent.model import Json, Tool
from mcp_agent.plugins import discover, load
from mcp_agent.supervisor import UNWELL
from mcp_agent.testing.blocking import Blocked
from mcp_agent.testing.hosts import host_for
from mcp_agent.testing.imports import imports_of
from mcp_agent.testing.stage import HostStage, call
from mcp_agent.vault.backend import check_key

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)+")
_LONGEST_NAME = 64
_SHORTEST_DESCRIPTION, _LONGEST_DESCRIPTION = 15, 2000
_STRANGE: tuple[Json, ...] = ({"strange": True}, ["strange"], 3.5, "strange", True)
_NO_SUCH = "no_such_argument"


class PluginContract:
    """Subclass it in a test module under a name that begins with Test, and set ``module``.

    Every check runs in a host that holds this plugin only, keeps nothing on disk and has nobody to ask: a plugin
    must be of use there too.
    """

    module: ClassVar[str]
    """The plugin's module path, as in its entry point."""
    settings: ClassVar[Mapping[str, Any]] = {}
    """The plugin's section of the configuration."""
    examples: ClassVar[Mapping[str, Mapping[str, Json]]] = {}
    """Arguments for calls that succeed, by tool, in the order to run them in: one may use what another left."""
    allowed_imports: ClassVar[frozenset[str]] = frozenset()
    """Packages that may be imported together with the plugin although they are not part of the host."""
    most_modules: ClassVar[int] = 60
    """How many modules, Python's own and the plugin's included, may come with the plugin."""

    # --- being loaded ----------------------------------------------------------------------------

    def test_it_loads_starts_and_stops(self) -> None:
        """Twice in one process, and switched off and on while running."""

        async def work() -> None:
            for _ in range(2):
                async with self._host() as host:
                    [record] = host.plugins()
                    await host.disable_plugin(record.name)
                    assert not host.tools(), f"{record.name} was switched off, and still offers tools"
                    host.enable_plugin(record.name)
                    await host.started()
                    [record] = host.plugins()
                    assert record.status == "active", f"it did not come back after a stop: {record.reason}"

        self._quietly(work())

    def test_its_import_is_light(self) -> None:
        """Heavy libraries are imported inside the functions that need them, or every start of the host is slower."""
        package = self.module.partition(":")[0]
        imported = imports_of(package)
        foreign = set(imported.foreign(package.partition(".")[0])) - self.allowed_imports
        assert not foreign, f"importing {package} imports {_list(foreign)}: import them in the functions that need them"
        assert len(imported.modules) <= self.most_modules, (
            f"importing {package} imports {len(imported.modules)} modules, {self.most_modules} at most is fine: "
            f"{_list(imported.modules)}"
        )
        assert not imported.printed, f"importing {package} prints {imported.printed!r}: stdout belongs to the protocol"

    def test_its_health_answers(self) -> None:
        async def work() -> None:
            async with self._host() as host:
                for name, says in (await host.checks()).items():
                    assert isinstance(says, str), f"health of {name} is {says!r}, not a sentence"
                    assert says.strip(), f"health of {name} says nothing"
                    assert not says.startswith(UNWELL), f"health of {name}: {says}"

        self._quietly(work())

    # --- what it declares ------------------------------------------------------------------------

    def test_its_tools_are_named_and_described(self) -> None:
        """Names are ``<prefix>_<verb>_<object>``; the docstring is all that a model has to choose by."""
        for tool in self._tools():
            assert _NAME.fullmatch(tool.name), f"{tool.name}: use snake_case with the plugin's prefix"
            assert len(tool.name) <= _LONGEST_NAME, f"{tool.name}: {_LONGEST_NAME} characters at most, clients cut more"
            size = len(tool.description)
            assert _SHORTEST_DESCRIPTION <= size <= _LONGEST_DESCRIPTION, (
                f"{tool.name}: its docstring has {size} characters; {_SHORTEST_DESCRIPTION} to {_LONGEST_DESCRIPTION} "
                "are read well"
            )
            assert tool.effect in ("read", "write", "destructive"), f"{tool.name}: effect {tool.effect!r} is none"

    def test_its_writes_say_how_they_are_undone(self) -> None:
        """A write that nobody can take back says so; a person may ask for it all the same."""
        for tool in self._tools():
            assert tool.effect != "write" or tool.undo is not None, (
                f"{tool.name} writes, but does not say how that is undone: give its decorator "
                'undo=Undo(snapshot, restore), or undo="impossible"'
            )

    def test_its_arguments_are_described(self) -> None:
        """By a Field, or by name in the docstring."""
        for tool in self._tools():
            for name, node in tool.input_schema.get("properties", {}).items():
                told = node.get("description") or re.search(rf"\b{re.escape(name)}\b", tool.description)
                assert told, f'{tool.name}: say what {name} is, with Annotated[..., Field("...")] or in the docstring'

    def test_its_schemas_are_valid(self) -> None:
        """JSON Schema 2020-12."""
        validator = _validator()
        for tool in self._tools():
            for schema in (tool.input_schema, tool.output_schema):
                if schema is not None:
                    problems = [error.message for error in validator(validator.META_SCHEMA).iter_errors(schema)]
                    assert not problems, f"{tool.name}: no valid JSON Schema: {'; '.join(problems)}"
                    assert schema.get("type") == "object", f"{tool.name}: the top of a schema must be an object"

    def test_wrong_arguments_are_refused_by_name(self) -> None:
        """One that does not exist, and a value of the wrong type for each that does."""
        validator = _validator()
        for tool in self._tools():
            self._refused(tool, {_NO_SUCH: 1}, _NO_SUCH)
            for name, node in tool.input_schema.get("properties", {}).items():
                schema = {**node, "$defs": tool.input_schema.get("$defs", {})}
                wrong = next((value for value in _STRANGE if not validator(schema).is_valid(value)), UNSET)
                if wrong is not UNSET:
                    self._refused(tool, {name: wrong}, name)

    def test_its_setup_asks_for_what_there_is(self) -> None:
        """Settings that its Settings have, secrets with names that can be, and findings that its Settings take."""
        [found] = [one for one in discover([self.module]) if one.module == self.module]
        plugin = load(found, self.settings)
        setup = plugin.hook.mcp_agent_setup()
        if setup is None:
            return
        shape = plugin.hook.mcp_agent_config()
        known = {field.encode_name for field in fields(shape)} if shape else set()
        missing = set(setup.ask) - known
        assert not missing, f"mcp_agent_setup asks for {_list(missing)}, which its Settings do not have"
        for name, what in setup.secrets.items():
            try:
                check_key(found.name, name)
            except VaultError as error:
                raise AssertionError(f"mcp_agent_setup, secret {name!r}: {error}") from None
            assert what.strip(), f"mcp_agent_setup: say what the secret {name} is and where the person gets it"
        for finding in setup.find() if setup.find else ():
            problems = check_plugin(found.name, shape, finding.settings, {})
            assert finding.what.strip(), "a finding of mcp_agent_setup does not say what was found"
            assert not problems, f"{finding.what}: {'; '.join(problem.message for problem in problems)}"

    # --- what it does ----------------------------------------------------------------------------

    def test_its_examples_give_what_the_schemas_promise(self) -> None:
        async def work() -> None:
            package = self.module.partition(":")[0].partition(".")[0]
            async with self._host() as host:
                for name, arguments in self.examples.items():
                    tool = host.tool(name)
                    with Blocked(package) as blocked:
                        result = await call(host, name, arguments)
                    assert blocked.at is None, (
                        f"{name}({dict(arguments)}) blocks everybody else for seconds, in {blocked.at}: make it a "
                        "plain def, which runs in a thread, or use ctx.in_thread"
                    )
                    assert not result.is_error, f"{name}({dict(arguments)}) failed: {result.text}"
                    if tool.output_schema is not None:
                        problems = [
                            error.message for error in _validator()(tool.output_schema).iter_errors(result.data)
                        ]
                        assert not problems, f"{name}: the result is not what its schema says: {'; '.join(problems)}"

        self._quietly(work())

    def test_its_changes_can_be_undone(self) -> None:
        """Each change that an example makes is taken back, and that taken back, before the next example runs."""

        async def work() -> None:
            async with self._host() as host:
                known = 0
                for name, arguments in self.examples.items():
                    result = await call(host, name, arguments)
                    assert not result.is_error, f"{name}({dict(arguments)}) failed: {result.text}"
                    for change in await host.changes(count=1):
                        if change.id > known:
                            known = await self._there_and_back(host, change.id, f"{name}({dict(arguments)})")

        self._quietly(work())

    def test_its_scenes_play(self) -> None:
        """The demo works with no account and no network."""

        async def work() -> None:
            async with self._host() as host:
                for scene in host.scenes():
                    stage = HostStage(host)
                    await scene.play(stage)
                    assert stage.said, f"scene {scene.title!r} tells the person nothing: use stage.say"

        self._quietly(work())

    # --- how the checks work ---------------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def _host(self) -> AsyncIterator[Host]:
        try:
            async with host_for(self.module, self.settings) as host:
                yield host
        except PluginError as error:
            raise AssertionError(str(error)) from None

    async def _there_and_back(self, host: Host, change: int, what: str) -> int:
        """Gives the number of the last change that this made."""
        undone = await host.undo(change=change)
        assert undone.stopped is None, f"{what} cannot be undone: {undone.stopped}"
        [again] = undone.undoings
        if again is None:
            return change
        redone = await host.undo(change=again)
        assert redone.stopped is None, f"{what} was undone, and that cannot be undone: {redone.stopped}"
        return redone.undoings[0] or again

    def _tools(self) -> list[Tool]:
        async def work() -> list[Tool]:
            async with self._host() as host:
                return list(host.tools())

        return asyncio.run(work())

    def _quietly(self, work: Any) -> None:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            asyncio.run(work)
        assert not printed.getvalue(), f"it prints {printed.getvalue()!r}: stdout belongs to the protocol; use ctx.log"

    def _refused(self, tool: Tool, arguments: Mapping[str, Json], field: str) -> None:
        try:
            tool.parse(encode(arguments))
        except InvalidArguments as error:
            said = str(error)
        else:
            raise AssertionError(f"{tool.name} takes {dict(arguments)}, which its schema does not allow")
        assert field in said, f"{tool.name} refuses {dict(arguments)}, but without naming {field}: {said}"


def _validator() -> Any:
    try:
        import jsonschema
    except ModuleNotFoundError:
        import pytest

        pytest.skip("jsonschema is not installed; add it to what your tests need")
    return jsonschema.Draft202012Validator


def _list(names: Any) -> str:
    return ", ".join(sorted(names)[:20])
