"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "system_health": [
        "is the agent all right", "is the agent working", "how long has the agent been running",
        "is the agent having problems", "how are you, are you all right", "since when is the agent running",
        "is everything working in the agent",
    ],
    "system_plugins": [
        "which plugins do I have", "why is the steam plugin not working", "what can this agent do",
        "is the memory plugin switched on", "what abilities do you have", "which plugins are switched off",
        "is the maps plugin working",
    ],
    "system_version": [
        "which version is this", "what operating system am I on", "is the agent up to date",
        "which version of the agent do I have", "which version of Python is it",
    ],
    "system_errors": [
        "what went wrong just now", "why did that fail", "show the latest errors", "any errors today",
        "what was the error just now", "why did it not work just now", "which calls failed today",
    ],
    "system_job": [
        "is that job done yet", "how far is that job", "get the result of the task in the background",
        "is the background job done", "how far is the task in the background",
    ],
    "system_undo": [
        "undo that", "take back what you just did", "put it back as it was", "revert the last three changes",
        "undo the last change", "take that back", "that was a mistake, undo it", "revert what you just did",
    ],
    "system_cancel_job": [
        "stop what is running in the background", "cancel that job", "never mind, abort it",
        "abort the job in the background", "stop that job",
    ],
}
# fmt: on
