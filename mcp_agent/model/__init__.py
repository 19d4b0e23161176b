"""The values that the whole house speaks in, all frozen, and the Protocols at its seams.

Field names become camelCase on the wire (``mime_type`` is ``mimeType``); fields at their default are left out.
Import them from here: the files below are how they are sorted.
"""

from mcp_agent.model.answers import Answer as Answer
from mcp_agent.model.answers import Root as Root
from mcp_agent.model.answers import Sample as Sample
from mcp_agent.model.content import DEGRADED as DEGRADED
from mcp_agent.model.content import LOG_LEVELS as LOG_LEVELS
from mcp_agent.model.content import ORIGIN as ORIGIN
from mcp_agent.model.content import Annotations as Annotations
from mcp_agent.model.content import Audio as Audio
from mcp_agent.model.content import Completion as Completion
from mcp_agent.model.content import Content as Content
from mcp_agent.model.content import Effect as Effect
from mcp_agent.model.content import Embedded as Embedded
from mcp_agent.model.content import Icon as Icon
from mcp_agent.model.content import Image as Image
from mcp_agent.model.content import Json as Json
from mcp_agent.model.content import LogLevel as LogLevel
from mcp_agent.model.content import Message as Message
from mcp_agent.model.content import PromptResult as PromptResult
from mcp_agent.model.content import ResourceContents as ResourceContents
from mcp_agent.model.content import ResourceLink as ResourceLink
from mcp_agent.model.content import ResourceResult as ResourceResult
from mcp_agent.model.content import Role as Role
from mcp_agent.model.content import TaskMode as TaskMode
from mcp_agent.model.content import Text as Text
from mcp_agent.model.content import ToolResult as ToolResult
from mcp_agent.model.content import Value as Value
from mcp_agent.model.facts import BreakerState as BreakerState
from mcp_agent.model.facts import Change as Change
from mcp_agent.model.facts import ChangeState as ChangeState
from mcp_agent.model.facts import Failure as Failure
from mcp_agent.model.facts import Health as Health
from mcp_agent.model.facts import JobRecord as JobRecord
from mcp_agent.model.facts import PluginRecord as PluginRecord
from mcp_agent.model.facts import PluginStatus as PluginStatus
from mcp_agent.model.facts import Undone as Undone
from mcp_agent.model.facts import Usage as Usage
from mcp_agent.model.offers import Completer as Completer
from mcp_agent.model.offers import Fallback as Fallback
from mcp_agent.model.offers import Origin as Origin
from mcp_agent.model.offers import Prompt as Prompt
from mcp_agent.model.offers import PromptArgument as PromptArgument
from mcp_agent.model.offers import Resource as Resource
from mcp_agent.model.offers import Static as Static
from mcp_agent.model.offers import Tool as Tool
from mcp_agent.model.offers import Undo as Undo
from mcp_agent.model.seams import Agent as Agent
from mcp_agent.model.seams import Backend as Backend
from mcp_agent.model.seams import Caller as Caller
from mcp_agent.model.seams import Clock as Clock
from mcp_agent.model.seams import Held as Held
from mcp_agent.model.seams import Scene as Scene
from mcp_agent.model.seams import Shortener as Shortener
from mcp_agent.model.seams import Stage as Stage
