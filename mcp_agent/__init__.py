"""The public names: what a plugin imports, and what a program that embeds the agent imports.

Each is loaded on first use, so that a plugin pays for what it takes and nothing else.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp_agent.config import Config as Config
    from mcp_agent.context import Context as Context
    from mcp_agent.errors import AgentError as AgentError
    from mcp_agent.errors import ConfigError as ConfigError
    from mcp_agent.errors import InvalidArguments as InvalidArguments
    from mcp_agent.errors import PluginError as PluginError
    from mcp_agent.errors import ProtocolError as ProtocolError
    from mcp_agent.errors import ToolError as ToolError
    from mcp_agent.errors import UpstreamError as UpstreamError
    from mcp_agent.folders import FileInfo as FileInfo
    from mcp_agent.folders import Folder as Folder
    from mcp_agent.folders import Folders as Folders
    from mcp_agent.folders import undo_files as undo_files
    from mcp_agent.folders import undo_move as undo_move
    from mcp_agent.hiding import HIDDEN as HIDDEN
    from mcp_agent.hiding import hide_in_command as hide_in_command
    from mcp_agent.hiding import hide_logins as hide_logins
    from mcp_agent.hiding import sounds_secret as sounds_secret
    from mcp_agent.hookspecs import Finding as Finding
    from mcp_agent.hookspecs import PluginInfo as PluginInfo
    from mcp_agent.hookspecs import Setup as Setup
    from mcp_agent.hookspecs import hookimpl as hookimpl
    from mcp_agent.host import Host as Host
    from mcp_agent.http_client import read_body as read_body
    from mcp_agent.log_lines import LogLines as LogLines
    from mcp_agent.log_lines import LogSieve as LogSieve
    from mcp_agent.log_lines import log_since as log_since
    from mcp_agent.model import Annotations as Annotations
    from mcp_agent.model import Answer as Answer
    from mcp_agent.model import Audio as Audio
    from mcp_agent.model import Change as Change
    from mcp_agent.model import Embedded as Embedded
    from mcp_agent.model import Health as Health
    from mcp_agent.model import Icon as Icon
    from mcp_agent.model import Image as Image
    from mcp_agent.model import JobRecord as JobRecord
    from mcp_agent.model import Message as Message
    from mcp_agent.model import PluginRecord as PluginRecord
    from mcp_agent.model import PluginStatus as PluginStatus
    from mcp_agent.model import PromptResult as PromptResult
    from mcp_agent.model import ResourceContents as ResourceContents
    from mcp_agent.model import ResourceLink as ResourceLink
    from mcp_agent.model import Root as Root
    from mcp_agent.model import Sample as Sample
    from mcp_agent.model import Scene as Scene
    from mcp_agent.model import Stage as Stage
    from mcp_agent.model import Static as Static
    from mcp_agent.model import Text as Text
    from mcp_agent.model import Tool as Tool
    from mcp_agent.model import ToolResult as ToolResult
    from mcp_agent.model import Undo as Undo
    from mcp_agent.paths import Paths as Paths
    from mcp_agent.questions import ROOTS as ROOTS
    from mcp_agent.questions import elicitation as elicitation
    from mcp_agent.questions import read_answer as read_answer
    from mcp_agent.questions import sampling as sampling
    from mcp_agent.schema.declare import prompt as prompt
    from mcp_agent.schema.declare import resource as resource
    from mcp_agent.schema.declare import tool as tool
    from mcp_agent.schema.fields import Field as Field
    from mcp_agent.store.database import Database as Database
    from mcp_agent.vectors import TextVectors as TextVectors
    from mcp_agent.vectors import Vectors as Vectors
    from mcp_agent.vectors import load_vectors as load_vectors

_PLACES = {
    "config": "Config",
    "context": "ROOTS Context elicitation read_answer sampling",
    "errors": "AgentError ConfigError InvalidArguments PluginError ProtocolError ToolError UpstreamError",
    "folders": "FileInfo Folder Folders undo_files undo_move",
    "hiding": "HIDDEN hide_in_command hide_logins sounds_secret",
    "hookspecs": "Finding PluginInfo Setup hookimpl",
    "host": "Host",
    "http_client": "read_body",
    "log_lines": "LogLines LogSieve log_since",
    "model": (
        "Annotations Answer Audio Embedded Health Icon Image JobRecord Message PluginRecord PluginStatus "
        "PromptResult Change Undo "
        "ResourceContents ResourceLink Root Sample Scene Stage Static Text Tool ToolResult"
    ),
    "paths": "Paths",
    "schema.declare": "prompt resource tool",
    "schema.fields": "Field",
    "store.database": "Database",
    "vectors": "TextVectors Vectors load_vectors",
    "version": "VERSION",
}
_MODULE_OF = {name: module for module, names in _PLACES.items() for name in names.split()}

__all__ = list(_MODULE_OF)


def __getattr__(name: str) -> Any:
    module = _MODULE_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'mcp_agent' has no attribute {name!r}")
    value = globals()[name] = getattr(importlib.import_module(f"mcp_agent.{module}"), name)
    return value
