"""A pool of connections to one server: opened when first needed, closed when idle, opened again after a restart."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

from mcp_agent import Context, ToolError, UpstreamError
from mcp_agent_database.postgres import rules
from mcp_agent_database.postgres.guard import Known, missing_extra
from mcp_agent_database.settings import Connection
from mcp_agent_database.words import refused

Driver: TypeAlias = Any
_MOST = 4
_LOCK_SECONDS = 3
_CONNECT_SECONDS = 10
_KNOWN_SECONDS = 300.0
"""For how long what the server said of its functions is believed."""


class Pool:
    """Gives transactions. What the server says of its functions is kept for some minutes."""

    def __init__(self, ctx: Context, name: str, connection: Connection) -> None:
        self.connection = connection
        self._ctx, self._name = ctx, name
        self._pool: Driver = None
        self._opening = asyncio.Lock()
        self._known: tuple[float, Known] | None = None

    @contextlib.asynccontextmanager
    async def transaction(self, *, writes: bool = False, seconds: float | None = None) -> AsyncIterator[Driver]:
        """A connection in a transaction that is rolled back at the end, unless it was committed."""
        limit = round(1000 * (seconds or self._ctx.config.seconds))
        begin = (
            f"BEGIN {'READ WRITE' if writes else 'ISOLATION LEVEL REPEATABLE READ READ ONLY'};"
            f"SET LOCAL statement_timeout = {limit}; SET LOCAL lock_timeout = {1000 * _LOCK_SECONDS};"
            f"SET LOCAL idle_in_transaction_session_timeout = {limit + 60_000}"
        )
        pool = await self._open()
        with self._translated():
            driver = await self._begun(pool, begin)
            try:
                yield driver
            finally:
                await asyncio.shield(_given_back(pool, driver))

    async def known(self) -> Known:
        """What the server says of its functions and operators."""
        now = self._ctx.clock.monotonic()
        if self._known is None or now - self._known[0] > _KNOWN_SECONDS:
            async with self.transaction() as driver:
                functions = await driver.fetch(rules.UNSAFE_FUNCTIONS)
                operators = await driver.fetch(rules.UNSAFE_OPERATORS)
            fine = rules.VOLATILE | set(self.connection.functions)
            unsafe = [row for row in functions if row[1] not in fine and f"{row[0]}.{row[1]}" not in fine]
            self._known = (
                now,
                Known(
                    unsafe=frozenset(f"{row[0]}.{row[1]}" for row in unsafe) | {row[1] for row in unsafe if row[2]},
                    dotted=frozenset(row[1] for row in unsafe if row[2] and row[3]),
                    operators=frozenset(row[0] for row in operators),
                ),
            )
        return self._known[1]

    def open_now(self) -> int:
        """How many connections there are just now."""
        return 0 if self._pool is None else int(self._pool.get_size())

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.terminate()

    async def _begun(self, pool: Driver, begin: str) -> Driver:
        """A connection in a transaction. One that the server closed while it lay idle is noticed, and replaced."""
        errors = self._errors()
        for left in (1, 0):
            driver = await pool.acquire(timeout=_CONNECT_SECONDS)
            try:
                await driver.execute(begin)
                return driver
            except (OSError, errors.PostgresConnectionError, errors.AdminShutdownError, errors.InterfaceError):
                driver.terminate()
                await pool.release(driver)
                await pool.expire_connections()
                if not left:
                    raise
            except BaseException:
                await asyncio.shield(_given_back(pool, driver))
                raise

    async def _open(self) -> Driver:
        async with self._opening:
            if self._pool is None:
                try:
                    import asyncpg
                except ModuleNotFoundError:
                    raise missing_extra() from None
                password = await self._ctx.secrets.get(self._name)
                with self._translated():
                    self._pool = await asyncpg.create_pool(
                        self.connection.url,
                        password=password.reveal() if password else None,
                        min_size=0,
                        max_size=_MOST,
                        max_inactive_connection_lifetime=self._ctx.config.idle_seconds,
                        timeout=_CONNECT_SECONDS,
                        command_timeout=None,
                        statement_cache_size=0,  # a pooler gives the next transaction another connection
                        reset=_nothing_to_reset,
                        server_settings={"application_name": "mcp_agent"},
                    )
            return self._pool

    @contextlib.contextmanager
    def _translated(self) -> Any:
        errors = self._errors()
        try:
            yield
        except (errors.QueryCanceledError, errors.LockNotAvailableError) as error:
            raise refused("It took too long", error, "Ask for less, or see db_explain.") from None
        except errors.InvalidAuthorizationSpecificationError as error:
            hint = f"mcp-agent secrets set database {self._name}"
            raise refused(f"{self._name} does not let us in", error, hint) from None
        except (errors.PostgresConnectionError, errors.CannotConnectNowError, errors.AdminShutdownError) as error:
            raise UpstreamError(f"{self._name} is not reached: {error}") from None
        except errors.PostgresError as error:
            raise refused("PostgreSQL refuses this", error, getattr(error, "hint", None)) from None
        except (errors.InterfaceError, ValueError) as error:  # parameters that do not fit, a URL that makes no sense
            raise refused("This cannot be sent", error) from None
        except (OSError, TimeoutError) as error:
            raise UpstreamError(f"{self._name} is not reached: {error or 'no answer'}") from None

    def _errors(self) -> Any:
        try:
            import asyncpg.exceptions
        except ModuleNotFoundError:
            raise missing_extra() from None
        return asyncpg.exceptions


async def _given_back(pool: Driver, driver: Driver) -> None:
    """Rolled back first: whatever happened, nothing of it goes on in the next transaction."""
    try:
        if not driver.is_closed():
            await driver.execute("ROLLBACK", timeout=_CONNECT_SECONDS)
    except BaseException:
        driver.terminate()
        raise
    finally:
        await pool.release(driver)


async def _nothing_to_reset(driver: Driver) -> None:
    """Whatever a transaction set went with its rollback, and the guard lets through nothing that outlives it."""


def not_writable(name: str) -> ToolError:
    return ToolError(
        f"{name} is read-only here.", hint=f"plugins: database: connections: {name}: writable: true switches it on."
    )
