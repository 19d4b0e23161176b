"""Why the containers of a pod do not start, end, or are not ready."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mcp_agent_kubernetes.diagnosis.facts import Cause, Facts
from mcp_agent_kubernetes.happenings import times
from mcp_agent_kubernetes.summaries import container_state, statuses
from mcp_agent_kubernetes.words import cut

_IMAGE = ("ImagePullBackOff", "ErrImagePull", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable")
_CONFIG = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")
_EXITS = {
    1: "the program gave up by itself",
    2: "the program was called wrongly, or gave up by itself",
    126: "its command cannot be executed",
    127: "its command is not in the image",
    128: "its command cannot be started",
    134: "the program aborted",
    137: "it was killed",
    139: "the program crashed (segmentation fault)",
    143: "it was told to end",
}


def waiting(facts: Facts) -> Iterator[Cause]:
    images = _images(facts)
    for status in statuses(facts.pod):
        held = (status.get("state") or {}).get("waiting") or {}
        reason, message, name = held.get("reason"), cut(held.get("message"), 500), status["name"]
        if reason in _IMAGE:
            image = images.get(name) or status.get("image")
            seen = _told(facts, ("Failed", "InspectFailed"), image) or message or str(reason)
            yield Cause(f"The image {image} of {name} cannot be pulled.", seen, _about_image(str(reason), seen))
        elif reason in _CONFIG:
            seen = message or _told(facts, ("Failed",), None) or str(reason)
            yield Cause(
                f"The container {name} cannot be set up: {seen}.",
                str(reason),
                "Mend what the message names in its spec.",
            )


def _images(facts: Facts) -> dict[str, str]:
    spec = facts.pod["spec"]
    return {one["name"]: one.get("image", "") for one in [*(spec.get("initContainers") or ()), *spec["containers"]]}


def _about_image(reason: str, seen: str) -> str:
    low = seen.lower()
    if reason == "InvalidImageName":
        return "Mend how the image is written."
    if reason == "ErrImageNeverPull":
        return "It may never be pulled (imagePullPolicy), and the node has none: put it there, or let it be pulled."
    if any(word in low for word in ("unauthorized", "denied", "authentication", "401", "403", "forbidden")):
        return "The registry wants a login, or there is no such image: see imagePullSecrets, and the name."
    if any(word in low for word in ("not found", "manifest unknown", "404")):
        return "There is no image of that name and tag: mend it, or push it."
    if any(word in low for word in ("no such host", "timeout", "connection refused", "i/o", "tls", "x509")):
        return "The node does not reach the registry: see its network, name resolution and certificates."
    return "See whether name and tag are right, the registry can be reached, and whether it wants a login."


def ended(facts: Facts) -> Iterator[Cause]:
    limits = {one["name"]: (one.get("resources") or {}).get("limits") or {} for one in facts.pod["spec"]["containers"]}
    for status in statuses(facts.pod):
        name = status["name"]
        ended = _terminated(status)
        if ended is None:
            continue
        restarts, code = status.get("restartCount") or 0, ended.get("exitCode")
        again = f", {restarts} restarts so far" if restarts else ""
        seen = f"{container_state({'state': {'terminated': ended}})}{again}."
        if ended.get("reason") == "OOMKilled":
            limit = limits.get(name, {}).get("memory")
            yield Cause(
                f"The container {name} used more memory than it may" + (f": {limit}." if limit else "."), seen,
                "Raise its memory limit, or find out why it needs that much: k8s_top, and the log.",
            )  # fmt: skip
        elif _was_alive(facts, name):
            continue  # the liveness probe had it killed: that is said below
        else:
            why = _EXITS.get(int(code or 0), "the program gave up by itself")
            yield Cause(
                f"The container {name} ends with exit code {code}: {why}.", seen,
                "Its log says more: k8s_logs with previous=true. See its command, and what it connects to.",
            )  # fmt: skip


def _terminated(status: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """How it ended badly, now or before its last start, where that still matters."""
    now = (status.get("state") or {}).get("terminated")
    if now:
        return now if now.get("exitCode") or now.get("reason") == "OOMKilled" else None
    before = (status.get("lastState") or {}).get("terminated")
    return before if before and not status.get("ready") else None


def _was_alive(facts: Facts, container: str) -> bool:
    return any(
        event.get("reason") == "Killing" and "liveness probe" in str(event.get("message"))
        and container in str(event.get("message"))
        for event in facts.events
    )  # fmt: skip


def probes(facts: Facts) -> Iterator[Cause]:
    told = {
        "Startup": "It is given up before it has started: give startupProbe more time, or see why it starts slowly.",
        "Liveness": "It is restarted again and again: see whether the probe asks the right port and path, and in time.",
        "Readiness": "It gets no traffic: see whether the probe asks the right port and path, and what its log says.",
    }
    for probe, do in told.items():
        for event in facts.events:
            message = cut(event.get("message"), 400)
            if event.get("reason") == "Unhealthy" and message.startswith(probe):
                yield Cause(f"Its {probe.lower()} probe fails.", f"{message} ({times(event)} times)", do)
                break


def _told(facts: Facts, reasons: Sequence[str], word: str | None) -> str:
    for event in facts.events:
        message = cut(event.get("message"), 500)
        if event.get("reason") in reasons and (word is None or word in message):
            return message
    return ""
