"""When two calls are the same call: the same client, the same arguments, the same build of the same tool."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import msgspec

from mcp_agent.model import Tool
from mcp_agent.pipeline.call import Call

Identity = Callable[[Call], bytes | None]
"""32 bytes that are equal for equal calls, None for one that cannot be compared."""

_encode = msgspec.json.Encoder(order="deterministic").encode


def identity(version: Callable[[str], str]) -> Identity:
    """``version(plugin)`` changes with whatever changes the plugin's answers: its code, its settings.

    Arguments are compared as the tool gets them, defaults filled in; the order of keys does not matter.
    """
    builds: dict[str, tuple[Tool, str]] = {}

    def build(tool: Tool) -> str:
        known = builds.get(tool.name)
        if known is not None and known[0] is tool:
            return known[1]
        whole = _encode([tool.plugin, version(tool.plugin), tool.description, tool.input_schema, tool.output_schema])
        made = hashlib.blake2b(whole, digest_size=16).hexdigest()
        builds[tool.name] = (tool, made)
        return made

    def identify(call: Call) -> bytes | None:
        tool = call.tool
        try:
            whole = _encode((call.caller.principal, tool.name, build(tool), call.arguments))
        except (TypeError, ValueError, OverflowError):  # arguments that have no form in JSON
            return None
        return hashlib.blake2b(whole, digest_size=32).digest()

    return identify
