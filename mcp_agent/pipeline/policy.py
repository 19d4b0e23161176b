"""Who may do what: rules from the configuration, the first that matches decides."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Literal

from msgspec import Struct

from mcp_agent.config import PolicySettings, Rule
from mcp_agent.model import Json, Tool
from mcp_agent.pipeline.predicate import Predicate, compile_predicate

Decision = Literal["allow", "ask", "deny"]
Every = Literal["call", "session"]
"""How often "ask" asks."""

DEFAULT = "the default"
UNDOING = "undo:"
"""How the name of what takes back a change begins; the name of the tool that made it follows."""

DEFAULT_RULES: tuple[Rule, ...] = (
    Rule(effect=("read",), decide="allow"),
    Rule(principal="library", decide="allow"),  # a program that embeds the host is the person's own
    Rule(principal="cli", effect=("write",), decide="allow"),  # a person typed it
    Rule(principal="undo", decide="allow"),  # what is undone was allowed once, and undoing it was asked for
    Rule(effect=("write",), decide="ask", every="session"),
    Rule(decide="ask", every="call"),
)
"""What holds where no rule of the person's matches."""


_Key = tuple[str, str, str, str]
"""Name, plugin and effect of a tool, for another plugin may bring one of the same name later; and who calls."""


class Verdict(Struct, frozen=True):
    """A decision and where it came from, in words. ``every``: asked once a session, or for each call."""

    decision: Decision
    reason: str
    every: Every = "call"


class Policy:
    """Decides calls. Rules without a condition are settled once per tool and principal."""

    def __init__(self, settings: PolicySettings) -> None:
        self._read_only = settings.read_only
        self._rules = [*_numbered(settings.rules), *((rule, DEFAULT) for rule in DEFAULT_RULES)]
        self._conditions: dict[str, Predicate] = {
            rule.when: compile_predicate(rule.when) for rule in settings.rules if rule.when
        }
        self._matching: dict[_Key, Sequence[tuple[Rule, str]]] = {}
        self._settled: dict[_Key, Verdict] = {}

    def decide(self, tool: Tool, principal: str, arguments: Callable[[], Mapping[str, Json]]) -> Verdict:
        """The verdict on a call. ``arguments`` is only asked where a condition needs them."""
        key = (tool.name, tool.plugin, tool.effect, principal)
        settled = self._settled.get(key)
        if settled is not None:
            return settled
        if self._read_only and tool.effect != "read":
            verdict = Verdict("deny", "everything is read-only (policy.read_only)")
        else:
            matching = self._rules_for(key, tool, principal)
            if any(rule.when for rule, _ in matching):
                return self._first(matching, tool, arguments())
            verdict = self._first(matching, tool, {})
        if len(self._settled) < _REMEMBERED:
            self._settled[key] = verdict
        return verdict

    def _rules_for(self, key: _Key, tool: Tool, principal: str) -> Sequence[tuple[Rule, str]]:
        matching = self._matching.get(key)
        if matching is None:
            matching = [(rule, name) for rule, name in self._rules if _fits(rule, tool, principal)]
            if len(self._matching) < _REMEMBERED:
                self._matching[key] = matching
        return matching

    def _first(self, rules: Sequence[tuple[Rule, str]], tool: Tool, arguments: Mapping[str, Json]) -> Verdict:
        for rule, name in rules:
            try:
                holds = not rule.when or self._conditions[rule.when](arguments)
            except ValueError as error:
                if rule.decide == "allow":  # a permission that cannot be decided is none
                    continue
                return Verdict(rule.decide, f"{name}, because {error}", rule.every or _every(tool))
            if holds:
                reason = f"{name}: {rule.because}" if rule.because else name
                return Verdict(rule.decide, reason, rule.every or _every(tool))
        raise AssertionError("the last default rule matches everything")


_REMEMBERED = 50_000
"""Pairs of tool and principal kept settled; principals come from outside, so this is bounded."""


def _numbered(rules: Sequence[Rule]) -> list[tuple[Rule, str]]:
    return [(rule, f"rule {number} of the policy") for number, rule in enumerate(rules, 1)]


def _fits(rule: Rule, tool: Tool, principal: str) -> bool:
    return (
        (not rule.effect or tool.effect in rule.effect)
        and (fnmatchcase(tool.name, rule.tool) or _holds_for_undoing(rule, tool))
        and fnmatchcase(tool.plugin, rule.plugin)
        and fnmatchcase(principal, rule.principal)
    )


def _holds_for_undoing(rule: Rule, tool: Tool) -> bool:
    """To undo "lock" is to unlock: a rule that holds a tool back holds back its undoing. One that allows it does not
    allow that."""
    undone = tool.name.removeprefix(UNDOING)
    return rule.decide != "allow" and undone != tool.name and fnmatchcase(undone, rule.tool)


def _every(tool: Tool) -> Every:
    return "session" if tool.effect == "write" else "call"
