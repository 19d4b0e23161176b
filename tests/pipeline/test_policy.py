"""Rules decide, the first that matches."""

from __future__ import annotations

from typing import Any

import pytest

from mcp_agent.config import PolicySettings, Rule
from mcp_agent.errors import ConfigError
from mcp_agent.model import Tool
from mcp_agent.pipeline.policy import Policy
from mcp_agent.schema.build import build_tool
from tests.plugins import doors

LOOK, PAINT, UNLOCK = (build_tool(f, "doors") for f in (doors.door_look, doors.door_paint, doors.door_unlock))


def decide(
    tool: Tool, *rules: Rule, principal: str = "stdio:claude", read_only: bool = False, **arguments: Any
) -> tuple[str, str]:
    verdict = Policy(PolicySettings(rules=rules, read_only=read_only)).decide(tool, principal, lambda: arguments)
    return verdict.decision, verdict.every


@pytest.mark.parametrize(
    ("tool", "principal", "expected"),
    [
        (LOOK, "stdio:claude", "allow"),
        (PAINT, "stdio:claude", "ask"),
        (UNLOCK, "stdio:claude", "ask"),
        (PAINT, "http", "ask"),
        (PAINT, "cli", "allow"),
        (UNLOCK, "cli", "ask"),
        (UNLOCK, "library", "allow"),
        (UNLOCK, "stdio:library", "ask"),  # a client cannot name itself into somebody else's rights
    ],
)
def test_the_defaults(tool: Tool, principal: str, expected: str) -> None:
    assert decide(tool, principal=principal)[0] == expected


def test_writing_asks_once_a_session_and_destroying_each_time() -> None:
    assert decide(PAINT)[1] == "session"
    assert decide(UNLOCK)[1] == "call"
    assert decide(PAINT, Rule(decide="ask", every="call"))[1] == "call"


def test_the_first_rule_that_matches_decides() -> None:
    rules = (Rule(tool="door_un*", decide="deny"), Rule(plugin="doors", decide="allow"))
    assert decide(UNLOCK, *rules)[0] == "deny"
    assert decide(PAINT, *rules)[0] == "allow"


@pytest.mark.parametrize(
    "rule",
    [
        Rule(effect=("destructive",), decide="deny"),
        Rule(principal="stdio:cl?ude", decide="deny"),
        Rule(plugin="d*s", decide="deny"),
        Rule(when='door in ["front", "back"]', decide="deny"),
        Rule(when="minutes > 100 && door.startsWith('f')", decide="deny"),
    ],
)
def test_what_a_rule_can_match(rule: Rule) -> None:
    assert decide(UNLOCK, rule, door="front", minutes=150)[0] == "deny"


def test_a_condition_that_does_not_hold_lets_the_next_rule_decide() -> None:
    rules = (Rule(when='door == "front"', decide="deny"), Rule(decide="allow"))
    assert decide(UNLOCK, *rules, door="back")[0] == "allow"
    assert decide(UNLOCK, *rules, door="front")[0] == "deny"


def test_a_condition_that_cannot_be_decided_takes_the_careful_side() -> None:
    assert decide(UNLOCK, Rule(when="minutes < 5", decide="allow"), door="front")[0] == "ask"
    assert decide(UNLOCK, Rule(when="minutes > 5", decide="deny"), Rule(decide="allow"), door="front")[0] == "deny"
    assert decide(UNLOCK, Rule(when="minutes > 5", decide="deny"), Rule(decide="allow"), minutes="x")[0] == "deny"
    assert decide(UNLOCK, Rule(when="minutes", decide="allow"), minutes=5)[0] == "ask"


def test_conditions_are_decided_anew_for_each_call() -> None:
    policy = Policy(PolicySettings(rules=(Rule(when='door == "front"', decide="deny"), Rule(decide="allow"))))
    seen = [policy.decide(UNLOCK, "cli", lambda d=d: {"door": d}).decision for d in ("back", "front", "back")]  # type: ignore[misc]
    assert seen == ["allow", "deny", "allow"]


def test_read_only_wins_over_every_rule() -> None:
    allow = Rule(decide="allow")
    assert [decide(tool, allow, read_only=True)[0] for tool in (LOOK, PAINT, UNLOCK)] == ["allow", "deny", "deny"]


def test_a_condition_that_is_none_is_said_at_start() -> None:
    with pytest.raises(ConfigError, match="'amount >' is not a condition"):
        Policy(PolicySettings(rules=(Rule(when="amount >", decide="deny"),)))


def test_what_was_settled_for_a_tool_is_not_for_another_of_the_same_name() -> None:
    """A plugin can be switched off, and another one bring a tool of that name."""
    policy = Policy(PolicySettings(rules=(Rule(plugin="doors", decide="allow"), Rule(decide="deny"))))
    other = build_tool(doors.door_unlock, "burglar")
    assert policy.decide(UNLOCK, "stdio:claude", dict).decision == "allow"
    assert policy.decide(other, "stdio:claude", dict).decision == "deny"
