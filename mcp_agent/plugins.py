"""Plugins: found by entry point, loaded one by one, each with a record of what became of it.

Every plugin has a plugin manager of its own. With a shared one, an entry point that does not import stops those after
it, a registration that failed stays, and one implementation that raises ends the hook call for all.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import importlib
import inspect
import logging
import traceback
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pluggy
from msgspec import Struct

from mcp_agent import hookspecs
from mcp_agent.errors import BUGS, PluginError
from mcp_agent.hookspecs import ENTRY_POINTS, PROJECT, PluginInfo
from mcp_agent.model import PluginRecord, Prompt, Resource, Tool
from mcp_agent.schema import promises
from mcp_agent.schema.build import build_prompt, build_resource, build_tool, shape_of
from mcp_agent.schema.kept import KeptShapes
from mcp_agent.schema.types import decode_hook

log = logging.getLogger(__name__)

_HOOKS = [name for name in vars(hookspecs) if name.startswith("mcp_agent_")]


class Found(Struct, frozen=True, kw_only=True):
    """A plugin that could be loaded. Nothing of it has been imported. ``conflict`` says why it cannot be."""

    name: str
    module: str
    distribution: str | None = None
    version: str | None = None
    conflict: str | None = None

    def record(self, **changes: Any) -> PluginRecord:
        return PluginRecord(
            name=self.name,
            module=self.module,
            distribution=self.distribution,
            version=self.version,
            **changes,
        )


class Plugin(Struct, frozen=True, kw_only=True, eq=False):
    """A plugin that was loaded, with all it declares."""

    found: Found
    hook: Any
    info: PluginInfo
    config: Any
    tools: tuple[Tool, ...]
    resources: tuple[Resource, ...]
    prompts: tuple[Prompt, ...]

    @property
    def name(self) -> str:
        return self.found.name

    @property
    def has_startup(self) -> bool:
        return bool(self.hook.mcp_agent_startup.get_hookimpls())


def discover(modules: Iterable[str] = ()) -> list[Found]:
    """Installed plugins by name, then those given as module paths: these win over an installed one of their name.

    Of two installed plugins of one name the second can only fail; its record says why.
    """
    found: dict[str, Found] = {}
    for entry in sorted(entry_points(group=ENTRY_POINTS), key=_by_name):
        one = _from_entry(entry)
        if one.name in found:
            one = _second_of_its_name(one, found[one.name])
        found[one.name] = one
    known = {one.module for one in found.values()}
    for module in modules:
        if module not in known:
            name = module.partition(":")[0].rpartition(".")[2].removeprefix("mcp_agent_")
            found[name] = Found(name=name, module=module)
    return list(found.values())


def _second_of_its_name(one: Found, first: Found) -> Found:
    conflict = f"{first.distribution} has a plugin named {one.name} already; uninstall one of the two"
    return msgspec.structs.replace(one, name=f"{one.name}@{one.distribution}", conflict=conflict)


def _by_name(entry: EntryPoint) -> str:
    return entry.name


def _from_entry(entry: EntryPoint) -> Found:
    dist = entry.dist
    return Found(
        name=entry.name, module=entry.value, distribution=dist.name if dist else None,
        version=dist.version if dist else None,
    )  # fmt: skip


def load(found: Found, settings: Mapping[str, Any], shapes: KeptShapes | None = None) -> Plugin:
    """Import a plugin and ask what it declares. Raises PluginError, whatever the plugin did. ``shapes`` are kept from
    start to start."""
    if found.conflict is not None:
        raise PluginError(found.conflict)
    try:
        plugin = _import(found.module)
    except BUGS as error:
        log.exception("plugin %s could not be imported", found.name)
        raise PluginError(f"It could not be imported: {in_words(error, found.module)}") from error
    try:
        return _declared(found, plugin, settings, shapes)
    except PluginError:
        raise
    except BUGS as error:  # what it declares is no end of strange values, and none may stop the host
        log.exception("plugin %s could not be loaded", found.name)
        raise PluginError(f"What it declares cannot be used: {in_words(error, found.module)}") from error


def _declared(found: Found, plugin: Any, settings: Mapping[str, Any], shapes: KeptShapes | None) -> Plugin:
    hook = _register(found.name, plugin)
    ask = functools.partial(_ask, hook, found.module)
    info: PluginInfo = ask("mcp_agent_info", PluginInfo) or PluginInfo()
    config = _configure(ask("mcp_agent_config", type), settings)
    name = found.name
    tools = _tools(ask("mcp_agent_tools", Sequence) or (), found, shapes)
    resources = tuple(build_resource(function, name) for function in ask("mcp_agent_resources", Sequence) or ())
    prompts = tuple(build_prompt(function, name) for function in ask("mcp_agent_prompts", Sequence) or ())
    promises.check(tools)
    _check_prefix(name if info.prefix is None else info.prefix, [*tools, *prompts])
    return Plugin(found=found, hook=hook, info=info, config=config, tools=tools, resources=resources, prompts=prompts)


def _tools(functions: Iterable[Any], found: Found, shapes: KeptShapes | None) -> tuple[Tool, ...]:
    if shapes is None:
        return tuple(build_tool(function, found.name) for function in functions)
    known = shapes.of(found.module)
    tools = tuple(build_tool(function, found.name, known) for function in functions)
    declared = [tool for function, tool in zip(functions, tools, strict=True) if not isinstance(function, Tool)]
    if any(tool.name not in known for tool in declared):
        shapes.keep(found.module, {**known, **{tool.name: shape_of(tool) for tool in declared}})
    return tools


def _import(path: str) -> Any:
    module, _, attribute = path.partition(":")
    loaded: Any = importlib.import_module(module)
    for part in attribute.split(".") if attribute else ():
        loaded = getattr(loaded, part)
    return loaded


def _register(name: str, plugin: Any) -> Any:
    _check_hooks(plugin)
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        manager.register(plugin, name)
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        raise PluginError(_hook_error(plugin, error)) from None
    if not isinstance(plugin, ModuleType) and isinstance(plugin, type):
        raise PluginError("Its entry point is a class; it must be a module or an instance")
    return manager.hook


def _check_hooks(plugin: Any) -> None:
    """Each is marked, and async where the host awaits it. Raises PluginError, naming the hook."""
    for name in _HOOKS:
        function = getattr(plugin, name, None)
        if function is None:
            continue
        if not hasattr(function, f"{PROJECT}_impl"):
            raise PluginError(f"{name} is not marked as a hook, so nobody would call it: decorate it with @hookimpl")
        wanted = inspect.iscoroutinefunction(getattr(hookspecs, name))
        if inspect.iscoroutinefunction(function) != wanted:
            raise PluginError(f"The hook {name} {'must be' if wanted else 'cannot be'} async")


def _hook_error(plugin: Any, error: Exception) -> str:
    for name in dir(plugin):
        function: Any = getattr(plugin, name, None)
        if not hasattr(function, f"{PROJECT}_impl"):
            continue
        if name not in _HOOKS:
            near = difflib.get_close_matches(name, _HOOKS, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            return f"There is no hook {name}.{meant} Hooks: {', '.join(_HOOKS)}."
        takes = inspect.signature(getattr(hookspecs, name)).parameters
        if not set(inspect.signature(function).parameters) <= set(takes):
            return f"The hook {name} takes ({', '.join(takes)}), not {inspect.signature(function)}"
    return str(error).strip().replace("\n", " ")


def _ask(hook: Any, module: str, name: str, kind: type) -> Any:
    try:
        given = getattr(hook, name)()
    except PluginError:
        raise
    except BUGS as error:
        log.exception("hook %s failed", name)
        raise PluginError(f"Its hook {name} failed: {in_words(error, module)}") from error
    if given is None or isinstance(given, kind):
        return given
    what = {Sequence: "a list", type: "a Struct class"}.get(kind, f"a {kind.__name__}")
    raise PluginError(f"Its hook {name} must give {what}, not {type(given).__name__}")


def _configure(shape: type[Struct] | None, settings: Mapping[str, Any]) -> Any:
    if shape is None:
        if settings:
            raise PluginError(f"It takes no settings, but the configuration has: {', '.join(settings)}")
        return None
    if not issubclass(shape, Struct):
        raise PluginError(f"Its hook mcp_agent_config must give a Struct class, not the class {shape.__name__}")
    if not settings:
        with contextlib.suppress(TypeError):  # one that has no default: said in words below
            return shape()
    known = {field.encode_name for field in msgspec.structs.fields(shape)}
    for key in settings:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise PluginError(f"It has no setting {key}.{meant} Settings: {', '.join(sorted(known))}.")
    try:
        return msgspec.convert(dict(settings), shape, strict=False, dec_hook=decode_hook)
    except msgspec.ValidationError as error:
        raise PluginError(f"Its settings are wrong: {error}") from None


def _check_prefix(prefix: str, items: list[Tool | Prompt]) -> None:
    wrong = [item.name for item in items if prefix and not item.name.startswith(f"{prefix}_")]
    if wrong:
        raise PluginError(f"Names must begin with {prefix}_, but these do not: {', '.join(wrong)}")


def in_words(error: BaseException, module: str) -> str:
    """One line: the kind of error, what it says, and where in the code of the plugin it came from."""
    text = str(error).strip().partition("\n")[0]
    said = f"{type(error).__name__}: {text}" if text else type(error).__name__
    package = module.partition(":")[0].partition(".")[0]
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        parts = Path(frame.f_code.co_filename).parts
        for top in (package, f"{package}.py"):
            if top in parts:
                return f"{said} ({'/'.join(parts[parts.index(top) :])}, line {line})"
    return said
