"""What people say who want a tool, by its name: find_tools searches them, no listing shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

# fmt: off
EXAMPLES: Mapping[str, Sequence[str]] = {
    "system_health": [
        "is the agent all right", "is the agent working", "is everything working in the agent",
        "is the agent having problems", "how have you been running, any problems with the agent",
        "how long has the agent been running", "since when is the agent running", "how are you, are you all right",
        "are you well, are you working all right", "how many calls has the agent had since it started",
        "do a self-check of the agent", "are you healthy",
    ],
    "system_plugins": [
        "which plugins do I have", "which plugins are loaded", "which plugins are switched off",
        "why is the steam plugin not working", "is the maps plugin working", "is the memory plugin switched on",
        "what can this agent do", "what abilities do you have", "what can you do, what abilities are there",
        "is any plugin disabled or broken", "how many tools does each plugin have",
    ],
    "system_version": [
        "which version is this", "what version are you", "which version of the agent do I have",
        "what is the version number of the agent", "which version of Python is it", "which Python does it run on",
        "what operating system am I on", "which operating system does it run on", "is the agent up to date",
        "is this the latest version", "the version number of this build, for a bug report",
    ],
    "system_errors": [
        "what went wrong just now", "why did that fail", "show the latest errors", "any errors today",
        "what was the error just now", "why did it not work just now", "which calls failed today",
        "list the recent failures", "did anything go wrong lately", "it did not work, what was the reason",
        "give me the details of the last error", "list the failures, did anything go wrong lately",
    ],
    "system_job": [
        "is that job done yet", "how far is that job", "get the result of the task in the background",
        "is the background job done", "how far is the task in the background",
        "what came out of the job that went on in the background", "how is that long job coming along",
        "any result from the background call yet", "check on the task you are still running",
        "that took too long and went on in the background, is it through", "how is the background job coming along",
    ],
    "system_undo": [
        "undo that", "oops, undo it", "take back what you just did", "take that back", "put it back as it was",
        "I did not want that, put it back as it was", "revert the last three changes", "revert what you just did",
        "undo the last change", "undo everything of the last ten minutes", "that was a mistake, undo it",
        "redo what you undid",
    ],
    "system_cancel_job": [
        "stop what is running in the background", "cancel that job", "cancel the task in the background",
        "never mind, abort it", "abort the job in the background", "abort that, it takes too long", "stop that job",
        "stop it, it takes too long", "kill the task in the background", "that job is not needed any more, cancel it",
        "drop the task you are still running, stop it",
    ],
}
# fmt: on
