"""The onion around every call, as one visible list, and what its stages keep.

Whoever serves a tool and whoever calls it, this is the way in; ``tests/pipeline/test_onion.py`` proves that there is
no other.
"""

from __future__ import annotations

import asyncio
import functools
import os
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from mcp_agent.config import Config
from mcp_agent.context import Context
from mcp_agent.model import Caller, Clock, Tool, ToolResult
from mcp_agent.notices import DesktopNotices
from mcp_agent.paths import Paths, private_bytes
from mcp_agent.pipeline import Handler, Only, Stage, compose
from mcp_agent.pipeline.audit import Audit
from mcp_agent.pipeline.breaker import Breaker
from mcp_agent.pipeline.bulkhead import bulkhead
from mcp_agent.pipeline.cache import Cache, cached_or_changing
from mcp_agent.pipeline.call import Call
from mcp_agent.pipeline.consent import Consent
from mcp_agent.pipeline.execute import execute
from mcp_agent.pipeline.fallback import fallback
from mcp_agent.pipeline.handles import handles
from mcp_agent.pipeline.identity import identity
from mcp_agent.pipeline.journal import journal
from mcp_agent.pipeline.metrics import Metrics
from mcp_agent.pipeline.observe import Observer, observe
from mcp_agent.pipeline.outside import Outside, from_outside
from mcp_agent.pipeline.permission import permission
from mcp_agent.pipeline.policy import Policy
from mcp_agent.pipeline.rate_limit import rate_limit
from mcp_agent.pipeline.redact import redact
from mcp_agent.pipeline.retry import retry
from mcp_agent.pipeline.timeout import timeout
from mcp_agent.pipeline.validate import validate
from mcp_agent.registry import Registry
from mcp_agent.store import approvals, cache, results
from mcp_agent.store import journal as undo_journal
from mcp_agent.store.approvals import Approvals
from mcp_agent.store.archive import Files, Rotation
from mcp_agent.store.audit_log import AuditLog
from mcp_agent.store.audit_memory import MemoryLog
from mcp_agent.store.cache import Answers
from mcp_agent.store.database import Database, Migration
from mcp_agent.store.epochs import Epochs
from mcp_agent.store.journal import Journal
from mcp_agent.store.results import Results
from mcp_agent.undoing import Undoer
from mcp_agent.vault.redact import Redactor

_DAY = 86400.0
_HANDLERS = 20_000


class Onion:
    """Built once by the host. Without paths it keeps nothing on disk.

    ``version(plugin)`` changes with whatever changes the plugin's answers; ``report_bug`` logs the exception being
    handled and gives its trace id; ``context`` makes what a tool gets.
    """

    def __init__(
        self,
        config: Config,
        *,
        paths: Paths | None,
        clock: Clock,
        registry: Registry,
        redactor: Redactor,
        version: Callable[[str], str],
        report_bug: Callable[[str], str],
        context: Callable[[Tool, Caller], Context],
    ) -> None:
        self._config = config
        self._clock = clock
        self._registry = registry
        self._redactor = redactor
        self._databases: list[Database] = []
        folder = None if paths is None else paths.state
        answers = self._database(folder, "cache", cache.MIGRATIONS)
        settings = config.reliability
        self._answers = Answers(
            answers if folder is not None else None, clock, memory_bytes=settings.cache_bytes,
            disk_bytes=settings.cache_disk_bytes, has_secret=lambda data: redactor.redact(data) != data,
        )  # fmt: skip
        self._epochs = Epochs(None if folder is None else folder / "epochs")
        self._identity = identity(version)
        self.metrics = Metrics(clock)
        self.outside = Outside(report_bug)
        self.audit = Audit(_audit_log(config, paths, clock, redactor), self.metrics, clock)
        self.approvals = Approvals(
            self._database(folder, "approvals", approvals.MIGRATIONS), clock, seconds=config.policy.approval_seconds
        )
        self.journal = Journal(self._database(folder, "undo", undo_journal.MIGRATIONS), clock, redactor.redact_frame)
        self.results = Results(
            self._database(folder, "results", results.MIGRATIONS), clock,
            seconds=config.results.keep_seconds, most=config.results.keep_bytes,
        )  # fmt: skip
        self.breaker = Breaker(config.reliability, clock)
        self.consent = Consent(
            self.approvals, config.policy, clock, asyncio.sleep, redactor.redact_frame,
            DesktopNotices() if config.policy.notify else None,
        )  # fmt: skip
        self._report_bug = report_bug
        self._stages = self.stages()
        self._core = execute(report_bug)
        self._handlers: dict[Tool, Handler] = {}
        self._whole: Handler = self._through_all
        self.handler: Handler = self._whole
        """Takes a call through all of it. Another one while somebody watches: never hold on to it."""
        self.undoer = Undoer(self.journal, registry, lambda call: self.handler(call), context)

    def stages(self) -> Sequence[Stage]:
        """Outermost first. Each is a file of ``mcp_agent/pipeline``."""
        settings, clock = self._config.reliability, self._clock
        return [
            self.audit,
            handles(self.results, self.outside.taint),
            permission(Policy(self._config.policy), self.consent, self.outside.taint),
            validate,
            Only(from_outside, self.outside),
            rate_limit(settings, clock),
            Only(cached_or_changing, Cache(self._answers, self._epochs, self._identity)),
            fallback(
                settings,
                clock,
                self._answers,
                self._epochs,
                self._identity,
                self._registry.tool,
                lambda call: self.handler(call),
            ),
            self.breaker,
            bulkhead(settings),
            retry(settings, clock, asyncio.sleep),
            timeout(self._config.limits.tool_seconds),
            journal(self.journal, self._report_bug),
            redact(self._redactor),
        ]

    def watch(self, observer: Observer | None) -> None:
        """Tell of every call that ends, until None is given. Calls that nobody watches pay nothing for it."""
        self.handler = self._whole if observer is None else compose([observe(observer, self._clock)], self._whole)

    def _through_all(self, call: Call) -> Awaitable[ToolResult]:
        """Each tool has an onion of its own, made with its first call, without the stages that do not concern it."""
        handler = self._handlers.get(call.tool)
        if handler is None:
            if len(self._handlers) >= _HANDLERS:  # tools that are gone by now, mostly
                self._handlers.clear()
            handler = self._handlers[call.tool] = compose(self._stages, self._core, call.tool)
        return handler(call)

    async def close(self) -> None:
        """Write what waits to be written. Calls that are being stopped leave their last word in the audit first."""
        await self.audit.close()
        await self._answers.close()
        for database in self._databases:
            await database.close()
        self._epochs.close()

    def _database(self, folder: Path | None, name: str, migrations: Sequence[Migration]) -> Database:
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        database = Database(None if folder is None else folder / f"{name}.sqlite3", migrations)
        self._databases.append(database)
        return database


def _audit_log(config: Config, paths: Paths | None, clock: Clock, redactor: Redactor) -> AuditLog | MemoryLog:
    if paths is None:
        return MemoryLog()
    key = functools.cache(lambda: private_bytes(paths.audit_key, os.urandom(32)))
    rotation = Rotation(config.audit.rotate_bytes, config.audit.rotate_days * _DAY)
    return AuditLog(
        Files(paths.audit_folder), rotation=rotation, key=key,
        redact=redactor.redact_frame, clock=clock,
    )  # fmt: skip
