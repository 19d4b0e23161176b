"""The decorators a plugin writes: they only note down; the host reads the notes when it loads the plugin."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, TypeVar

from msgspec import Struct

from mcp_agent.model import Annotations, Completer, Effect, Fallback, Icon, Origin, TaskMode, Undo

F = TypeVar("F", bound=Callable[..., Any])

NOTE = "__mcp_agent__"


class Note(Struct, frozen=True):
    """What was declared of a function, kept on it under NOTE: a kind such as ``tool``, and the options."""

    kind: str
    options: dict[str, Any]


def tool(
    *,
    effect: Effect,
    name: str | None = None,
    title: str | None = None,
    idempotent: bool = False,
    open_world: bool = False,
    timeout: float | None = None,
    task: TaskMode = "auto",
    icons: Sequence[Icon] = (),
    rate: float | None = None,
    cache: float | None = None,
    fallback: Fallback | None = None,
    undo: Undo | Literal["impossible"] | None = None,
    preview: Callable[..., Any] | None = None,
    origin: Origin = None,
    examples: Sequence[str] = (),
    calls: Sequence[str] = (),
) -> Callable[[F], F]:
    """Makes a function a tool: its signature is the schema, its docstring what the model reads.

    ``effect`` is ``read``, ``write`` or ``destructive``. ``idempotent``: calling it again with the same arguments
    changes nothing more. ``open_world``: it reaches beyond this machine. ``timeout`` in seconds. ``task``: when it
    goes on in the background. The function may be sync: it then runs in a thread.

    ``rate``: calls a minute, by everybody together; more are refused. For tools that read: ``cache`` is how many
    seconds an answer stays good, unless something is changed through this plugin. ``fallback`` is what to give when
    the other side fails (UpstreamError, ToolTimeout): ``"stale"`` for the last good answer, the name of another tool
    of the plugin, or ``Static(value)``.

    ``undo``: how a write is taken back, or ``"impossible"``. ``preview``: a function with the same parameters that says
    in words what the call would do, for the person who is asked to allow it. ``origin``: where text in the results
    comes from that somebody else wrote, such as ``web``; or a function of context and arguments, async if need be, that
    says so, and gives None for our own. ``examples``: what a person would say who wants this tool, in everyday words:
    find_tools searches them, no listing shows them. ``calls``: names of tools that it may run with ``ctx.call``; each
    of them is asked about, audited and undone by itself, so ``effect`` is what is done beside that.
    """
    return _noted("tool", locals())


def resource(
    uri: str,
    *,
    name: str | None = None,
    title: str | None = None,
    description: str | None = None,
    mime_type: str | None = None,
    size: int | None = None,
    icons: Sequence[Icon] = (),
    annotations: Annotations | None = None,
    origin: Origin = None,
    complete: Mapping[str, Completer] | None = None,
) -> Callable[[F], F]:
    """Makes a function a resource. ``{name}`` in ``uri`` makes it a template whose parts are its arguments.

    Arguments come as text: one of type int takes "7". A URI whose parts do not fit names nothing. ``origin``: where its
    text comes from that somebody else wrote, as for a tool; a function gets context and URI.
    The function gives str, bytes, a JSON value, ResourceContents or a list of ResourceContents; ``None`` says that
    there is nothing of that URI.
    """
    return _noted("resource", locals())


def prompt(
    *,
    name: str | None = None,
    title: str | None = None,
    icons: Sequence[Icon] = (),
    complete: Mapping[str, Completer] | None = None,
) -> Callable[[F], F]:
    """Makes a function a prompt. Its arguments are text; it gives str, Message, or a list of those or of content."""
    return _noted("prompt", locals())


def _noted(kind: str, options: dict[str, Any]) -> Callable[[F], F]:
    def note(function: F) -> F:
        setattr(function, NOTE, Note(kind, options))
        return function

    return note
