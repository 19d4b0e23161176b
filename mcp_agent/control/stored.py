"""What is known of a home without any instance: it is on disk, shared by all of them."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from mcp_agent import config_file
from mcp_agent.clock import SystemClock
from mcp_agent.config import Config
from mcp_agent.control import api
from mcp_agent.control.log_tail import LogLine, LogTail
from mcp_agent.errors import AgentError, PluginError, ToolError
from mcp_agent.model import Change
from mcp_agent.paths import Paths
from mcp_agent.store import approvals as approvals_store
from mcp_agent.store import audit_reader, journal
from mcp_agent.store.approvals import Approval as Approval
from mcp_agent.store.approvals import Approvals
from mcp_agent.store.archive import Files
from mcp_agent.store.chain import Row
from mcp_agent.store.database import Database, Migration
from mcp_agent.store.journal import Journal
from mcp_agent.vault.backend import Key as Key


class PastCall(Struct, frozen=True):
    """A call out of the audit log, with its arguments in full; ``ended.id`` is its row."""

    ended: api.Ended
    arguments: str
    trace_id: str


class Stored:
    """Opens what it needs when it is asked for. ``file`` is the configuration."""

    def __init__(self, paths: Paths, config: Config, file: Path) -> None:
        self._paths = paths
        self._config = config
        self._file = file
        self._databases: dict[str, Database] = {}
        self._log = LogTail(paths.log_file)

    async def close(self) -> None:
        for database in self._databases.values():
            await database.close()

    # --- consent ---------------------------------------------------------------------------------

    async def approvals(self) -> list[Approval]:
        """What waits for the person, oldest first."""
        return await self._approvals().pending() if self._there("approvals") else []

    async def decide(self, approval_id: str, allow: bool) -> Approval:
        """Answer a request. Raises ToolError when nothing of that id waits."""
        found = await self._approvals().find(approval_id) if self._there("approvals") else None
        if found is None or not await self._approvals().decide(approval_id, allow):
            raise ToolError(
                f"Nothing of the id {approval_id} waits for an answer: it has expired, was answered, or never was.",
                hint="'mcp-agent approve' lists what does.",
            )
        return found

    # --- what was done ---------------------------------------------------------------------------

    async def calls(self, count: int) -> list[PastCall]:
        """The last calls, oldest first. Raises AgentError when the log cannot be read."""
        files = Files(self._paths.audit_folder)
        if not files.live.exists():
            return []
        try:
            records = await asyncio.to_thread(audit_reader.latest, files, 2 * count)
        except sqlite3.Error as error:
            raise AgentError(f"The audit log cannot be read: {error}. 'mcp-agent audit verify' says more.") from None
        return _paired([record.row for record in records])[-count:]

    async def changes(self, count: int = 200) -> list[Change]:
        """What can be undone, newest first."""
        if not self._there("undo"):
            return []
        store = Journal(self._database("undo", journal.MIGRATIONS), SystemClock(), bytes)
        return await store.latest(count=count)

    # --- settings --------------------------------------------------------------------------------

    def plugins(self) -> tuple[api.PluginFacts, ...]:
        """What is installed, and whether it is switched on."""
        from mcp_agent import plugins

        facts = []
        for found in plugins.discover():
            section = self._config.plugins.get(found.name, {})
            record = found.record(status="disabled")
            status = "installed" if section.get("enabled", True) else "disabled"
            facts.append(
                api.PluginFacts(
                    name=found.name, status=status, version=record.version or "", config=dict(section),
                    rate=self._config.reliability.plugin_rate,
                )
            )  # fmt: skip
        return tuple(facts)

    def switch(self, name: str, on: bool, known: Sequence[str] | None = None) -> bool:
        """Write into the configuration that a plugin is on or off. False where it said so before.

        Raises PluginError for one that is not installed, ConfigError when the file cannot be changed.
        """
        from mcp_agent import plugins
        from mcp_agent.config_file.edit import switch_plugin

        if known is None:
            known = [found.name for found in plugins.discover()]
        if name not in known:
            raise PluginError(f"There is no plugin {name}. Installed: {', '.join(sorted(known)) or 'none'}.")
        if self._is_on(name) is on:
            return False
        switch_plugin(self._file, name, on)
        self._config = config_file.load(self._file)
        if self._is_on(name) is not on:
            variable = f"{config_file.PREFIX}PLUGINS__{name.upper()}__ENABLED"
            words = "on" if on else "off"
            raise AgentError(f"{self._file} now says {words}, but the environment variable {variable} says otherwise.")
        return True

    async def secrets(self) -> list[Key]:
        """The names of all secrets. Raises VaultError where the place cannot be read."""
        from mcp_agent.vault.vault import vault_of_home

        vault = vault_of_home(self._config.vault.store, self._paths.data, self._paths.state)
        try:
            return await vault.names()
        finally:
            vault.close()

    async def log_lines(self) -> list[LogLine]:
        """What is new in the log since the last time; its end the first time."""
        return await asyncio.to_thread(self._log.read)

    # --- inside ----------------------------------------------------------------------------------

    def _is_on(self, name: str) -> bool:
        return self._config.plugins.get(name, {}).get("enabled", True) is True

    def _there(self, name: str) -> bool:
        """Whether there is such a file: looking makes none."""
        return (self._paths.state / f"{name}.sqlite3").exists()

    def _approvals(self) -> Approvals:
        database = self._database("approvals", approvals_store.MIGRATIONS)
        return Approvals(database, SystemClock(), seconds=self._config.policy.approval_seconds)

    def _database(self, name: str, migrations: Sequence[Migration]) -> Database:
        database = self._databases.get(name)
        if database is None:
            database = self._databases[name] = Database(self._paths.state / f"{name}.sqlite3", migrations)
        return database


def _paired(rows: Sequence[Row]) -> list[PastCall]:
    """Calls out of rows: an intent and its outcome are one call; an intent without one was cut off, or still runs."""
    intents = {row.seq: row for row in rows if row.kind == "intent"}
    calls = {}
    for row in rows:
        if row.kind == "begin":
            continue
        first = intents.get(row.intent, row)
        calls[first.seq] = PastCall(_ended(row), bytes(first.arguments).decode(), row.trace_id)
    return list(calls.values())


def _ended(row: Row) -> api.Ended:
    return api.Ended(
        id=row.seq, at=row.at, ms=row.ms or 0.0, principal=row.principal, plugin=row.plugin, tool=row.tool,
        effect=row.effect, outcome=row.outcome or "begun", decision=row.decision, detail=row.detail, arguments="",
    )  # fmt: skip
