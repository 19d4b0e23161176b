"""Tools, resources and prompts made of the functions that declare them, when the host loads their plugin."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import msgspec

from mcp_agent.errors import InvalidArguments, InvalidParams, PluginError
from mcp_agent.jsonio import encode
from mcp_agent.model import (
    Content,
    Message,
    Prompt,
    PromptArgument,
    PromptResult,
    Resource,
    ResourceContents,
    Text,
    Tool,
)
from mcp_agent.schema import results, templates
from mcp_agent.schema.declare import NOTE, Note
from mcp_agent.schema.kept import Shape
from mcp_agent.schema.signature import Signature, read_signature

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")


def _options(kind: str, function: Callable[..., Any]) -> dict[str, Any]:
    note = getattr(function, NOTE, None)
    label = getattr(function, "__qualname__", repr(function))
    if not isinstance(note, Note) or note.kind != kind:
        raise PluginError(f"{label} is not a {kind}: decorate it with @{kind}(...)")
    return note.options


def build_tool(
    function: Callable[..., Any] | Tool, plugin: str, known: Mapping[str, Shape] = MappingProxyType({})
) -> Tool:
    """The tool that a decorated function declares, or one made by hand. Raises PluginError, naming the function.

    ``known`` are shapes by the name of the tool, found before in the same code: its signature then waits for the first
    call.
    """
    if isinstance(function, Tool):
        return msgspec.structs.replace(function, plugin=plugin, name=_tool_name(function.name))
    options = _options("tool", function)
    name = _tool_name(options["name"] or function.__name__)
    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise PluginError(f"{name} yields its result piece by piece: return a list instead")
    for option in ("calls", "examples"):
        if isinstance(options[option], str):
            raise PluginError(f"{name}: {option} must be a list of texts, not one text")
    shape = known.get(name)
    known_schema = shape.takes if shape is not None else None
    signature = functools.cache(functools.partial(read_signature, function, known=known_schema))
    description = inspect.getdoc(function)
    if not description:
        raise PluginError(f"{name} has no docstring: it is what the model reads to choose the tool")
    if shape is None:
        _check_helpers(name, function, options)
        shape = _shape(function, signature())
    return Tool(
        name=name, plugin=plugin, description=description, title=options["title"],
        icons=tuple(options["icons"]), input_schema=shape.takes, output_schema=shape.gives,
        parse=lambda raw: signature().parse(name, raw), invoke=_invoker(function, signature),
        render=results.RENDER[shape.form],
        check=results.number_check(name, shape.form, lambda: signature().returns) if shape.numbers else None,
        effect=options["effect"], idempotent=options["idempotent"], open_world=options["open_world"],
        timeout=options["timeout"], task=options["task"], headers=shape.headers,
        private=shape.private,
        rate=options["rate"], cache=options["cache"], fallback=options["fallback"], undo=options["undo"],
        origin=options["origin"], examples=tuple(options["examples"]),
        calls=frozenset(options["calls"]),
        preview=_invoker(options["preview"], signature) if options["preview"] else None,
    )  # fmt: skip


def _shape(function: Callable[..., Any], signature: Signature) -> Shape:
    try:
        gives, form = results.output_of(signature.returns)
    except (PluginError, NameError) as error:
        raise PluginError(f"{function.__qualname__}: what it returns cannot be a result. {error}") from None
    return Shape(signature.schema, gives, form, signature.headers, signature.private, results.has_numbers(gives))


def _check_helpers(tool: str, function: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """That they take what they will get: found out now, not when somebody wants something back, or is asked."""
    helpers = {
        "snapshot of its undo": (getattr(options["undo"], "snapshot", None), ["ctx", "arguments", "result"]),
        "restore of its undo": (getattr(options["undo"], "restore", None), ["ctx", "arguments", "result", "snapshot"]),
        "origin": (options["origin"], ["ctx", "arguments"]),
    }
    for what, (helper, takes) in helpers.items():
        if callable(helper):
            try:
                inspect.signature(helper).bind(*takes)
            except TypeError:
                raise PluginError(f"{tool}: the {what} must take ({', '.join(takes)})") from None
    if options["preview"] is not None:
        names = list(inspect.signature(function).parameters)
        try:
            inspect.signature(options["preview"]).bind(**dict.fromkeys(names))
        except TypeError:
            raise PluginError(f"{tool}: its preview must take what the tool takes: ({', '.join(names)})") from None


def shape_of(tool: Tool) -> Shape:
    """What can be ``known`` when a tool that was built here is built again."""
    gives = None if tool.output_schema is None else dict(tool.output_schema)
    form = next(form for form, render in results.RENDER.items() if render is tool.render)
    return Shape(dict(tool.input_schema), gives, form, tool.headers, tool.private, tool.check is not None)


def _tool_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise PluginError(f"{name!r} is no tool name: use at most 64 of a-z, A-Z, 0-9, _ and -")
    return name


def _invoker(function: Callable[..., Any], signature: Callable[[], Signature]) -> Callable[[Any, Any], Any]:
    if inspect.iscoroutinefunction(function):

        def invoke(ctx: Any, arguments: Any) -> Any:
            return function(**signature().values(ctx, arguments))

        return invoke

    async def invoke_in_thread(ctx: Any, arguments: Any) -> Any:
        run = functools.partial(contextvars.copy_context().run, function, **signature().values(ctx, arguments))
        given = await asyncio.get_running_loop().run_in_executor(ctx.threads, run)
        return await given if inspect.isawaitable(given) else given  # of an async function in a plain wrapper

    return invoke_in_thread


def build_resource(function: Callable[..., Any], plugin: str) -> Resource:
    """The resource or template that a decorated function declares. Raises PluginError."""
    options = _options("resource", function)
    signature = read_signature(function, from_text=True)
    uri: str = options["uri"]
    variables = templates.variables(uri)
    if set(variables) != set(signature.names):
        raise PluginError(f"{function.__qualname__} takes {sorted(signature.names)}, but {uri} has {sorted(variables)}")
    call = _invoker(function, lambda: signature)
    mime_type = options["mime_type"]

    async def read(ctx: Any, found_uri: str, parts: Mapping[str, str]) -> Sequence[ResourceContents]:
        try:
            arguments = signature.parse(uri, encode(dict(parts)))
        except InvalidArguments:  # a URI of this form, but nothing can be there
            return ()
        return _contents(await call(ctx, arguments), found_uri, mime_type)

    return Resource(
        uri=uri, name=options["name"] or function.__name__, plugin=plugin, read=read,
        match=templates.matcher(uri), template=bool(variables), title=options["title"],
        description=options["description"] or inspect.getdoc(function), mime_type=mime_type,
        size=options["size"], icons=tuple(options["icons"]), annotations=options["annotations"],
        origin=options["origin"], complete=options["complete"] or {},
    )  # fmt: skip


def _contents(value: Any, uri: str, mime_type: str | None) -> Sequence[ResourceContents]:
    if value is None:
        return ()
    if isinstance(value, ResourceContents):
        return (value,)
    if isinstance(value, list | tuple) and value and all(isinstance(item, ResourceContents) for item in value):
        return tuple(value)
    if isinstance(value, str):
        return (ResourceContents(uri=uri, mime_type=mime_type or "text/plain", text=value),)
    if isinstance(value, bytes):
        return (ResourceContents(uri=uri, mime_type=mime_type or "application/octet-stream", blob=value),)
    text = encode(value).decode()
    return (ResourceContents(uri=uri, mime_type=mime_type or "application/json", text=text),)


def build_prompt(function: Callable[..., Any], plugin: str) -> Prompt:
    """The prompt that a decorated function declares. Raises PluginError."""
    options = _options("prompt", function)
    signature = read_signature(function, from_text=True)
    name = options["name"] or function.__name__
    required = signature.schema.get("required", ())
    declared = tuple(
        PromptArgument(name=key, description=node.get("description"), required=key in required)
        for key, node in signature.schema["properties"].items()
    )
    call = _invoker(function, lambda: signature)

    async def get(ctx: Any, given: Mapping[str, str]) -> PromptResult:
        missing = [argument for argument in required if argument not in given]
        if missing:
            raise InvalidParams(f"Prompt {name} needs {', '.join(missing)}")
        known = {key: value for key, value in given.items() if key in signature.names}
        try:
            arguments = signature.parse(name, encode(known))
        except InvalidArguments as error:
            raise InvalidParams(str(error)) from None
        return _prompt_result(await call(ctx, arguments), inspect.getdoc(function))

    return Prompt(
        name=name, plugin=plugin, get=get, arguments=declared, title=options["title"],
        description=inspect.getdoc(function), icons=tuple(options["icons"]), complete=options["complete"] or {},
    )  # fmt: skip


def _prompt_result(value: Any, description: str | None) -> PromptResult:
    if isinstance(value, PromptResult):
        return value
    items = value if isinstance(value, list | tuple) else [value]
    return PromptResult(messages=tuple(_message(item) for item in items), description=description)


def _message(item: Message | Content | str) -> Message:
    if isinstance(item, Message):
        return item
    return Message(role="user", content=Text(text=item) if isinstance(item, str) else item)
