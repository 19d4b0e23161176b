"""A plugin that offers one of every kind, for tests of the protocol. What waits does so until a test lets it go."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any, Literal

from msgspec import Raw, Struct

from mcp_agent import (
    ROOTS,
    Annotations,
    Audio,
    Context,
    Embedded,
    Icon,
    Image,
    Message,
    PluginInfo,
    ResourceLink,
    Text,
    ToolError,
    ToolResult,
    elicitation,
    hookimpl,
    prompt,
    read_answer,
    resource,
    sampling,
    tool,
)
from mcp_agent.model import Content, ResourceContents

ICON = Icon(src="https://example.com/icon.png", mime_type="image/png", sizes=("48x48",), theme="dark")
SEEN = Annotations(audience=("user",), priority=0.5)
gates: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
"""What ``hold`` waits for; a test gets fresh ones with ``gates.clear()``."""
running: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
"""Set once the tool that waits at a gate has begun."""
stopped: list[str] = []
"""Gates whose tool was cancelled."""


class Weather(Struct):
    """What it is like outside."""

    city: str
    degrees: float


class Person(Struct):
    """Who is asked."""

    name: str
    age: int = 30


PERSON = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
WEATHER_TOOL = {"name": "weather", "inputSchema": {"type": "object", "properties": {"city": {"type": "string"}}}}


# --- results -------------------------------------------------------------------------------------


@tool(effect="read")
async def echo(text: str) -> str:
    """Give the text back."""
    return text


@tool(effect="destructive", title="Wipe it", icons=[ICON], idempotent=True, open_world=True)
async def wipe(what: str = "all") -> None:
    """Pretend to delete something."""


@tool(effect="read")
async def weather(city: str) -> Weather:
    """Weather as structured content."""
    return Weather(city, 21.5)


@tool(effect="read")
async def numbers() -> list[int]:
    """A list, which is wrapped into an object."""
    return [1, 2, 3]


@tool(effect="read")
async def every_kind() -> list[Content]:
    """One block of every kind."""
    return [
        Text(text="words", annotations=SEEN),
        Image(data=b"\x89PNG", mime_type="image/png", annotations=SEEN),
        Audio(data=b"RIFF", mime_type="audio/wav", annotations=SEEN),
        ResourceLink(uri="kinds://note", name="note", title="A note", mime_type="text/plain", annotations=SEEN),
        Embedded(resource=ResourceContents(uri="kinds://note", mime_type="text/plain", text="hi"), annotations=SEEN),
        Embedded(resource=ResourceContents(uri="kinds://bytes", mime_type="image/png", blob=b"\x00\x01")),
    ]


@tool(effect="read")
async def with_meta() -> ToolResult:
    """A result with ``_meta`` of its own."""
    return ToolResult(content=(Text(text="meta"),), meta={"example.com/key": 1})


@tool(effect="read")
async def spread_out() -> ToolResult:
    """Ready JSON over several lines."""
    return ToolResult(content=(Text(text="x"),), structured=Raw(b'{\r\n "a": "b\\nc"\n}'))


@tool(effect="read")
async def refuse() -> str:
    """An error for the model."""
    raise ToolError("The drawer is locked.", hint="Find the key.")


@tool(effect="read")
async def bug() -> str:
    """A programming error."""
    raise KeyError("secret")


@tool(effect="read")
async def surrogate() -> str:
    """Text that no encoding has a form for."""
    return "before\ud800after"


@tool(effect="read")
async def surrogate_inside() -> dict[str, Any]:
    """The same, inside structured content."""
    return {"name": "file\udcff"}


@tool(effect="read")
async def unspeakable() -> ToolResult:
    """A result that cannot be encoded at all."""
    return ToolResult(content=(Text(text="x"),), meta=_bottomless())


@tool(effect="read")
async def bottomless() -> dict[str, Any]:
    """Structured content that cannot be encoded."""
    return _bottomless()


def _bottomless() -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(100_000):  # deeper than the encoder goes in any version of Python
        value = {"in": value}
    return value


@tool(effect="read")
async def long_text(size: int) -> str:
    """So many characters."""
    return "x" * size


@tool(effect="read")
async def anything(value: Any = None) -> ToolResult:
    """Takes whatever JSON holds."""
    return ToolResult(content=(Text(text=type(value).__name__),))


# --- telling -------------------------------------------------------------------------------------


@tool(effect="read")
async def progress(ctx: Context, steps: list[float], total: float | None = None) -> str:
    """Report these values."""
    for step in steps:
        ctx.progress(step, total, f"at {step:g}")
    return "done"


@tool(effect="read")
async def progress_nowhere(ctx: Context) -> str:
    """Report values that are no numbers."""
    for step in (1.0, float("nan"), float("inf"), 2.0):
        ctx.progress(step, float("inf"))
    return "done"


@tool(effect="read")
def progress_in_thread(ctx: Context) -> str:
    """Report from a thread."""
    ctx.progress(1, 2)
    ctx.log("warning", "from a thread")
    return "done"


@tool(effect="read")
async def talk(ctx: Context) -> str:
    """Log once at every level."""
    for level in ("debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"):
        ctx.log(level, {"said at": level})  # type: ignore[arg-type]
    return "done"


@tool(effect="read")
async def touch(ctx: Context, uri: str) -> str:
    """Say that a resource has changed."""
    ctx.resource_updated(uri)
    return "done"


@tool(effect="read")
async def storm(ctx: Context, uris: list[str], times: int, sign: Path) -> str:
    """Say again and again that resources have changed, letting others have their turn; leave a sign at the end."""
    for turn in range(times):
        for uri in uris:
            ctx.resource_updated(uri)
        if turn % 100 == 0:
            await asyncio.sleep(0)
    sign.touch()  # noqa: ASYNC240  one file, for a test
    return "done"


# --- waiting -------------------------------------------------------------------------------------


async def _wait_at(gate: str) -> None:
    running[gate].set()
    try:
        await gates[gate].wait()
    except asyncio.CancelledError:
        stopped.append(gate)
        raise


@tool(effect="read")
async def hold(gate: str) -> str:
    """Wait until the gate is opened."""
    await _wait_at(gate)
    return f"through {gate}"


@tool(effect="read")
async def nap(seconds: float) -> str:
    """Take so long."""
    await asyncio.sleep(seconds)
    return "rested"


@tool(effect="read")
async def release(gate: str) -> str:
    """Open a gate."""
    gates[gate].set()
    return "open"


@tool(effect="read")
def block(gate: str) -> str:
    """Wait in a thread, for ever."""
    threading.Event().wait()
    return gate


@tool(effect="read")
async def hold_structured(gate: str) -> Weather:
    """Wait, then give structured content."""
    await _wait_at(gate)
    return Weather(gate, 1)


@tool(effect="read", task="always")
async def job(ctx: Context, gate: str, fail: str = "") -> str:
    """Works in the background from its start."""
    ctx.progress(1, 2, "half way")
    await _wait_at(gate)
    if fail == "tool":
        raise ToolError("It broke.")
    if fail == "bug":
        raise KeyError("secret")
    return f"job through {gate}"


@tool(effect="read", task="required")
async def strict_job() -> str:
    """Only for clients that speak tasks."""
    return "strict"


@tool(effect="read", task="always")
async def asking_job(ctx: Context, gate: str = "") -> str:
    """Asks two things at once in the background, then one more under a key used before."""
    asked = await ctx.ask({"name": elicitation("Name?", PERSON), "place": elicitation("Place?", PERSON)})
    names = [asked[key]["content"]["name"] for key in ("name", "place")]
    if gate:
        await _wait_at(gate)
    again = await ctx.ask({"name": elicitation("Really?", PERSON)})
    return f"{names[0]} of {names[1]}, {again['name']['action']}"


@tool(effect="read", task="always")
async def twisted_job(ctx: Context) -> str:
    """Names its questions as if to make their keys meet."""
    for key in ("a-2", "a", "a-2-3", "a"):
        await ctx.elicit("Name?", PERSON, key=key)
    return "untangled"


@tool(effect="read")
async def hold_unspeakable(gate: str) -> ToolResult:
    """Wait, then give what cannot be encoded."""
    await _wait_at(gate)
    return ToolResult(content=(Text(text="x"),), meta=_bottomless())


@tool(effect="read")
async def ask_then_detach(ctx: Context, gate: str) -> str:
    """Asks in the foreground, goes on in the background."""
    answer = await ctx.elicit("Name?", Person)
    await ctx.detach()
    await _wait_at(gate)
    return f"hello {answer.content.name}"


# --- asking --------------------------------------------------------------------------------------


@tool(effect="read")
async def ask_name(ctx: Context, greeting: str = "Hello", note: Any = None) -> str:
    """Ask for a name with a form."""
    answer = await ctx.elicit("Who are you?", Person)
    return f"{greeting} {answer.content.name}" if answer.accepted else answer.action


@tool(effect="read")
async def ask_url(ctx: Context) -> str:
    """Ask to open a page."""
    return (await ctx.elicit("Please sign in", url="https://example.com/sign-in")).action


@tool(effect="read")
async def ask_at_once(ctx: Context) -> str:
    """Three questions side by side."""
    name, said, roots = await asyncio.gather(ctx.elicit("Name?", Person), ctx.sample("Say hi"), ctx.roots())
    return f"{name.content.name}, {said.text}, {roots[0].uri}"


@tool(effect="read")
async def ask_many(ctx: Context) -> str:
    """Three questions in one request."""
    asked = await ctx.ask({"who": elicitation("Name?", Person), "say": sampling("Say hi"), "where": ROOTS})
    who = read_answer(asked["who"], Person)
    return f"{who.content.name}, {asked['say']['content']['text']}, {asked['where']['roots'][0]['uri']}"


@tool(effect="read")
async def ask_in_turn(ctx: Context) -> str:
    """Three questions, one after the other."""
    answers = [await ctx.elicit(f"Name {number}?", PERSON) for number in (1, 2, 3)]
    return " ".join(answer.content["name"] for answer in answers)


@tool(effect="read")
async def sample(ctx: Context) -> str:
    """Let the client's model speak, with all kinds of content to go by."""
    said = await ctx.sample(
        [
            Message(role="user", content=Text(text="Look at this")),
            Message(role="user", content=Image(data=b"\x89PNG", mime_type="image/png")),
            Message(role="user", content=Audio(data=b"RIFF", mime_type="audio/wav")),
        ],
        max_tokens=7,
        systemPrompt="Be brief.",
        temperature=0.5,
        modelPreferences={"hints": [{"name": "small"}], "speedPriority": 1},
    )
    return f"{said.model} said {said.text}"


@tool(effect="read")
async def sample_tools(ctx: Context) -> str:
    """Let the client's model use a tool."""
    first = await ctx.sample("Weather?", tools=[WEATHER_TOOL], toolChoice={"mode": "auto"})
    return str(first.stop_reason)


@tool(effect="read")
async def list_roots(ctx: Context) -> str:
    """Where the client works."""
    return " ".join(root.uri for root in await ctx.roots())


@tool(effect="read")
async def forms(ctx: Context) -> str:
    """A form with every kind of field."""
    form = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "minLength": 1, "maxLength": 9, "title": "Text"},
            "mail": {"type": "string", "format": "email"},
            "whole": {"type": "integer", "minimum": 1, "maximum": 9},
            "yes": {"type": "boolean", "default": True},
            "one": {"type": "string", "enum": ["a", "b"]},
        },
        "required": ["text"],
    }
    return (await ctx.elicit("Fill this in", form)).action


@tool(effect="read")
async def newer_forms(ctx: Context, several: bool = False) -> str:
    """A form that the first revision with forms had no words for."""
    fields: dict[str, Any] = {
        "titled": {"type": "string", "oneOf": [{"const": "a", "title": "A"}], "default": "a"},
        "part": {"type": "number", "minimum": 0.5, "default": 1},
    }
    if several:
        fields["several"] = {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}
    answer = await ctx.elicit("Choose", {"type": "object", "properties": fields})
    return " ".join(answer.content["seen"])


# --- resources and prompts -----------------------------------------------------------------------


@resource(
    "kinds://note", name="note", title="A note", description="Words", mime_type="text/plain", size=2, icons=[ICON],
    annotations=SEEN,
)  # fmt: skip
async def note() -> str:
    return "hi"


@resource("kinds://bytes", mime_type="image/png")
async def some_bytes() -> bytes:
    return b"\x00\x01"


@resource("kinds://gone")
async def gone() -> None:
    return None


@resource("kinds://broken")
async def broken() -> str:
    raise KeyError("secret")


@resource("kinds://private")
async def private(ctx: Context) -> str:
    answer = await ctx.elicit("Password?", Person)
    return f"opened by {answer.content.name}"


@resource(
    "kinds://city/{name}", title="A city", icons=[ICON], mime_type="application/json",
    complete={"name": lambda ctx, value, others: [f"{value}{n}" for n in range(150)]},
)  # fmt: skip
async def city(name: str) -> dict[str, str]:
    """A city by name."""
    return {"city": name}


async def _colours(ctx: Context, value: str, others: dict[str, str]) -> list[str]:
    near = ["red", "rose"] if others.get("mood") == "warm" else ["red", "rust", "blue"]
    return [colour for colour in near if colour.startswith(value)]


@prompt(title="Paint", icons=[ICON], complete={"colour": _colours})
async def paint(colour: str, mood: str = "calm") -> list[Message]:
    """Ask for a picture."""
    return [
        Message(role="user", content=Text(text=f"Paint in {colour}, {mood}")),
        Message(role="assistant", content=Image(data=b"\x89PNG", mime_type="image/png")),
        Message(role="user", content=Audio(data=b"RIFF", mime_type="audio/wav")),
        Message(role="user", content=ResourceLink(uri="kinds://note", name="note")),
        Message(role="user", content=Embedded(resource=ResourceContents(uri="kinds://note", text="hi"))),
    ]


@prompt()
async def plain() -> str:
    """A prompt without arguments."""
    return "Just talk."


@prompt()
async def mood(kind: Literal["calm", "wild"]) -> str:
    """A prompt with a choice."""
    return f"Be {kind}"


@prompt()
async def personal(ctx: Context) -> str:
    """A prompt that asks first."""
    return f"Greet {(await ctx.elicit('Who?', Person)).content.name}"


TOOLS = [
    echo, wipe, weather, numbers, every_kind, with_meta, refuse, bug, surrogate, surrogate_inside, unspeakable,
    bottomless, long_text, spread_out, anything, progress, progress_nowhere, progress_in_thread, talk, touch, storm,
    hold, nap, release, block,
    hold_structured, job, strict_job, asking_job, twisted_job, hold_unspeakable, ask_then_detach, ask_name, ask_url,
    ask_at_once, ask_many,
    ask_in_turn, sample, sample_tools, list_roots, forms, newer_forms,
]  # fmt: skip


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(prefix="")


@hookimpl
def mcp_agent_tools() -> list[Any]:
    return TOOLS


@hookimpl
def mcp_agent_resources() -> list[Any]:
    return [note, some_bytes, gone, broken, private, city]


@hookimpl
def mcp_agent_prompts() -> list[Any]:
    return [paint, plain, mood, personal]
