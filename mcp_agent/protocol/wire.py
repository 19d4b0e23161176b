"""Values of the model as the JSON of one revision: what a revision does not know is left out or put in words."""

from __future__ import annotations

import secrets
from typing import Any

from msgspec import UNSET

from mcp_agent.errors import ProtocolError, ResourceNotFound
from mcp_agent.model import (
    Audio,
    Content,
    Embedded,
    JobRecord,
    Json,
    Message,
    Prompt,
    PromptResult,
    Resource,
    ResourceContents,
    ResourceLink,
    ResourceResult,
    Text,
    Tool,
    ToolResult,
)
from mcp_agent.protocol import forms
from mcp_agent.protocol.revisions import Revision

Wire = dict[str, Any]


def tool_item(tool: Tool, revision: Revision) -> Wire:
    item: Wire = {"name": tool.name, "description": tool.description, "inputSchema": tool.input_schema}
    if revision.titles and tool.title:
        item["title"] = tool.title
    if revision.structured and tool.output_schema is not None:
        item["outputSchema"] = tool.output_schema
    if revision.icons and tool.icons:
        item["icons"] = tool.icons
    if revision.tool_annotations:
        item["annotations"] = {
            "readOnlyHint": tool.only_reads,
            "destructiveHint": tool.effect == "destructive",
            "idempotentHint": tool.idempotent or tool.only_reads,
            "openWorldHint": tool.open_world,
        }
    return item


def resource_item(resource: Resource, revision: Revision) -> Wire:
    item: Wire = {"uriTemplate" if resource.template else "uri": resource.uri, "name": resource.name}
    if revision.titles and resource.title:
        item["title"] = resource.title
    if resource.description:
        item["description"] = resource.description
    if resource.mime_type:
        item["mimeType"] = resource.mime_type
    if resource.size is not None and not resource.template:
        item["size"] = resource.size
    if resource.annotations is not None:
        item["annotations"] = resource.annotations
    if revision.icons and resource.icons:
        item["icons"] = resource.icons
    return item


def prompt_item(prompt: Prompt, revision: Revision) -> Wire:
    item: Wire = {"name": prompt.name}
    if revision.titles and prompt.title:
        item["title"] = prompt.title
    if prompt.description:
        item["description"] = prompt.description
    if prompt.arguments:
        item["arguments"] = prompt.arguments
    if revision.icons and prompt.icons:
        item["icons"] = prompt.icons
    return item


def tool_result(result: ToolResult, revision: Revision) -> Wire:
    wire: Wire = {"content": [content_block(block, revision) for block in result.content]}
    if revision.structured and result.structured is not UNSET:
        wire["structuredContent"] = result.structured
    if result.is_error:
        wire["isError"] = True
    if result.meta:
        wire["_meta"] = dict(result.meta)
    return wire


def prompt_result(result: PromptResult, revision: Revision) -> Wire:
    wire: Wire = {"messages": [message(m, revision) for m in result.messages]}
    if result.description:
        wire["description"] = result.description
    return wire


def message(value: Message, revision: Revision) -> Wire:
    return {"role": value.role, "content": content_block(value.content, revision)}


def resource_result(result: ResourceResult) -> Wire:
    wire: Wire = {"contents": [_contents(value) for value in result.contents]}
    if result.meta:
        wire["_meta"] = result.meta
    return wire


def _contents(value: ResourceContents) -> Wire:
    wire: Wire = {"uri": value.uri}
    if value.mime_type:
        wire["mimeType"] = value.mime_type
    if value.blob is not None:
        wire["blob"] = value.blob
    else:
        wire["text"] = value.text or ""
    return wire


def content_block(block: Content, revision: Revision) -> Wire | Content:
    """The block, or a sentence in its place where the revision has no such kind."""
    if type(block) is Text:
        return block
    if isinstance(block, Embedded):
        wire: Wire = {"type": "resource", "resource": _contents(block.resource)}
        if block.annotations is not None:
            wire["annotations"] = block.annotations
        return wire
    if isinstance(block, ResourceLink) and "resource_link" not in revision.content:
        return Text(text=f"{block.title or block.name}: {block.uri}")
    if isinstance(block, Audio) and "audio" not in revision.content:
        size = len(block.data)
        return Text(text=f"[{size} bytes of {block.mime_type}, which MCP {revision.name} cannot carry]")
    return block


def ask_params(method: str, params: Json, revision: Revision) -> Wire:
    """Parameters of a request to the client. Written for the newest revision; older ones know less."""
    wire = dict(params)
    if method == "elicitation/create":
        if wire.get("mode") == "url":
            if not revision.modern:
                wire["elicitationId"] = secrets.token_hex(16)
        elif not revision.icons:
            wire.pop("mode", None)
            wire["requestedSchema"] = forms.simplified(wire["requestedSchema"])
    elif method == "sampling/createMessage":
        wire["messages"] = [message(m, revision) if isinstance(m, Message) else m for m in params.get("messages", ())]
    return wire


def error_object(error: ProtocolError, revision: Revision) -> Wire:
    code = error.code
    if isinstance(error, ResourceNotFound) and not revision.modern:
        code = error.legacy_code
    wire: Wire = {"code": code, "message": error.message}
    if error.data is not None:
        wire["data"] = error.data
    return wire


def job_item(job: JobRecord, ttl: float, poll: float) -> Wire:
    """The fields every task object has. ``ttl`` and ``poll`` in seconds."""
    item: Wire = {
        "taskId": job.id,
        "status": job.status,
        "createdAt": timestamp(job.created),
        "lastUpdatedAt": timestamp(job.updated),
        "ttlMs": int(ttl * 1000),
        "pollIntervalMs": int(poll * 1000),
    }
    if job.message:
        item["statusMessage"] = job.message
    return item


def timestamp(seconds: float) -> str:
    """ISO 8601, UTC, milliseconds."""
    import datetime

    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
