"""Which method exists in which era, and what it takes: the protocol's table of contents."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from mcp_agent.protocol import params as p
from mcp_agent.protocol.revisions import Revision


class Method(Struct, frozen=True, eq=False):
    """A request a client may send. ``handler`` names the function in ``server.HANDLERS``."""

    name: str
    decoder: msgspec.json.Decoder[p.Params]
    legacy: bool
    modern: bool
    task_extension: bool = False

    def exists_in(self, revision: Revision) -> bool:
        return self.modern if revision.modern else self.legacy


def _method(name: str, params: type[p.Params], *, legacy: bool = True, modern: bool = True) -> Method:
    return Method(name, msgspec.json.Decoder(params), legacy, modern, name.startswith("tasks/"))


METHODS = {
    method.name: method
    for method in (
        _method("initialize", p.Initialize, modern=False),
        _method("ping", p.Params, modern=False),
        _method("logging/setLevel", p.SetLevel, modern=False),
        _method("server/discover", p.Params, legacy=False),
        _method("tools/list", p.Page),
        _method("tools/call", p.CallTool),
        _method("resources/list", p.Page),
        _method("resources/templates/list", p.Page),
        _method("resources/read", p.ReadResource),
        _method("resources/subscribe", p.Uri, modern=False),
        _method("resources/unsubscribe", p.Uri, modern=False),
        _method("prompts/list", p.Page),
        _method("prompts/get", p.GetPrompt),
        _method("completion/complete", p.Complete),
        _method("subscriptions/listen", p.Listen, legacy=False),
        _method("tasks/get", p.TaskId, legacy=False),
        _method("tasks/update", p.UpdateTask, legacy=False),
        _method("tasks/cancel", p.TaskId, legacy=False),
    )
}

INPUT_REQUESTS = {
    "elicitation/create": "elicitation",
    "sampling/createMessage": "sampling",
    "roots/list": "roots",
}
"""What a server may ask of a client, and the capability that allows it."""
