"""Scenes of the simulated home: which are valid, and what applying one does."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Mapping

from mcp_agent import ToolError
from mcp_agent_smart_home.home import Json
from mcp_agent_smart_home.simulated import store


def check(value: Json, entities: Container[str]) -> None:
    """Raises ToolError that says what is wrong."""
    wanted = value.get("entities")
    if not isinstance(value.get("name"), str) or not isinstance(wanted, dict) or not wanted:
        raise ToolError("A scene needs a name and entities.")
    for entity_id in wanted:
        if entity_id not in entities:
            raise ToolError(f"There is no {entity_id} in this home.")


def apply(connection: sqlite3.Connection, config: Mapping[str, Json], now: float) -> None:
    """Things that are gone are passed over."""
    for entity_id, wanted in config["entities"].items():
        row = store.thing(connection, entity_id)
        if row is not None:
            rest = {name: value for name, value in wanted.items() if name != "state"}
            store.set_state(connection, entity_id, str(wanted["state"]), {**row[2], **rest}, now)
