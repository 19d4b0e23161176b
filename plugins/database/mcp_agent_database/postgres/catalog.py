"""What PostgreSQL says about itself: tables, columns, keys, indexes, sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from mcp_agent import ToolError
from mcp_agent_database.engine import Field, Index, Reference, Relation, Suggested, Table
from mcp_agent_database.postgres.pool import Driver

_RELATIONS = """
    select c.relname, n.nspname, c.relkind::text, c.reltuples::bigint, pg_total_relation_size(c.oid),
           left(obj_description(c.oid, 'pg_class'), 300), c.oid
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname not in ('pg_catalog', 'information_schema')
      and n.nspname !~ '^pg_(toast|temp)' and has_schema_privilege(n.oid, 'usage')
"""
_COLUMNS = """
    select a.attname, format_type(a.atttypid, a.atttypmod), not a.attnotnull,
           left(pg_get_expr(d.adbin, d.adrelid), 200),
           coalesce(a.attnum = any (i.indkey), false), left(col_description(a.attrelid, a.attnum), 300)
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    left join pg_index i on i.indrelid = a.attrelid and i.indisprimary
    where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped order by a.attnum
"""
_REFERENCES = """
    select k.conrelid = $1, case when n.nspname = 'public' then '' else n.nspname || '.' end || c.relname,
           case when m.nspname = 'public' then '' else m.nspname || '.' end || f.relname,
           (select array_agg(a.attname::text order by p.i) from unnest(k.conkey) with ordinality p(n, i)
            join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.n),
           (select array_agg(a.attname::text order by p.i) from unnest(k.confkey) with ordinality p(n, i)
            join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.n)
    from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
    join pg_class f on f.oid = k.confrelid join pg_namespace m on m.oid = f.relnamespace
    where k.contype = 'f' and (k.conrelid = $1 or k.confrelid = $1) order by k.conname
"""
_INDEXES = """
    select c.relname, i.indisunique, pg_get_indexdef(i.indexrelid),
           (select array_agg(pg_get_indexdef(i.indexrelid, n, true) order by n)
            from generate_series(1, i.indnkeyatts::int) n)
    from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = $1 order by 1
"""
_HEALTH = """
    select current_setting('server_version') as version, current_user::text as user,
           current_database()::text as database, pg_database_size(current_database()) as bytes,
           extract(epoch from now() - pg_postmaster_start_time())::bigint as up_seconds,
           (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
           current_setting('max_connections')::int as most_connections,
           (select count(*) from pg_locks where not granted) as waiting_for_locks,
           (select coalesce(max(extract(epoch from now() - xact_start)), 0)::bigint from pg_stat_activity
            where pid <> pg_backend_pid() and backend_type = 'client backend') as oldest_transaction_seconds,
           (select round(100.0 * blks_hit / nullif(blks_hit + blks_read, 0), 1)::float8
            from pg_stat_database where datname = current_database()) as cache_hit_percent,
           (select deadlocks from pg_stat_database where datname = current_database()) as deadlocks,
           pg_is_in_recovery() as replica,
           (select round(100.0 * age(datfrozenxid) / 2000000000, 1)::float8 from pg_database
            where datname = current_database()) as wraparound_percent,
           (select count(*) from pg_stat_user_tables where n_dead_tup > 10000 and n_dead_tup > n_live_tup * 0.2)
            as tables_to_vacuum
"""
_UNUSED = """
    select format('DROP INDEX %I.%I', s.schemaname, s.indexrelname),
           format('Never used since %s; %s on disk.', coalesce(d.stats_reset::date::text, 'the server counts'),
                  pg_size_pretty(pg_relation_size(s.indexrelid)))
    from pg_stat_user_indexes s join pg_index i using (indexrelid), pg_stat_database d
    where d.datname = current_database() and s.idx_scan = 0 and not i.indisunique
      and pg_relation_size(s.indexrelid) > 1000000
    order by pg_relation_size(s.indexrelid) desc limit 20
"""
_READ_WHOLE = """
    select '', format('%I.%I was read from its start to its end %s times, %s rows altogether.',
                      schemaname, relname, seq_scan, seq_tup_read)
    from pg_stat_user_tables where seq_scan > 50 and seq_tup_read / seq_scan > 10000 and seq_scan > idx_scan
    order by seq_tup_read desc limit 10
"""
_COUNTED = """
    select format('%I.pg_stat_statements', n.nspname) from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname = 'pg_stat_statements'
"""
_BUSIEST = """
    select left(query, 500) as statement, calls, round(total_exec_time::numeric, 1)::float8 as milliseconds,
           round(mean_exec_time::numeric, 2)::float8 as milliseconds_each,
           round((100 * total_exec_time / nullif(sum(total_exec_time) over (), 0))::numeric, 1)::float8 as percent, rows
    from {counted} where dbid = (select oid from pg_database where datname = current_database())
    order by total_exec_time desc limit $1
"""
_RUNNING = """
    select left(query, 500) as statement, state, usename::text as user, application_name as program,
           round(1000 * extract(epoch from now() - query_start))::float8 as milliseconds, wait_event_type as waits_for
    from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and state <> 'idle'
    order by query_start limit $1
"""
_KINDS: Mapping[str, Any] = {"r": "table", "p": "table", "v": "view", "m": "view"}


async def relations(driver: Driver) -> list[Relation]:
    return [_relation(row) for row in await driver.fetch(f"{_RELATIONS} order by n.nspname <> 'public', 2, 1")]


async def table(driver: Driver, name: str) -> Table:
    schema, _, bare = name.rpartition(".")
    found = await driver.fetch(
        f"{_RELATIONS} and c.relname = $1 and (n.nspname = $2 or $2 = '') order by n.nspname <> 'public'", bare, schema
    )
    if not found:
        raise ToolError(f"There is no table {name}.", hint="db_schemas lists them.")
    oid = found[0][6]
    keys = [(row[0], Reference(row[1], row[3], row[2], row[4])) for row in await driver.fetch(_REFERENCES, oid)]
    return Table(
        _relation(found[0]),
        [Field(*row) for row in await driver.fetch(_COLUMNS, oid)],
        [key for own, key in keys if own],
        [key for own, key in keys if not own],
        [Index(row[0], row[3], row[1], row[2]) for row in await driver.fetch(_INDEXES, oid)],
    )


async def health(driver: Driver) -> dict[str, Any]:
    return dict(await driver.fetchrow(_HEALTH))


async def unused(driver: Driver) -> list[Suggested]:
    return [Suggested(*row) for statement in (_UNUSED, _READ_WHOLE) for row in await driver.fetch(statement)]


async def busiest(driver: Driver, limit: int) -> list[dict[str, Any]]:
    """As pg_stat_statements counted them, in whatever schema it is; without it, those that run now."""
    counted = await driver.fetchval(_COUNTED)
    statement = _RUNNING if counted is None else _BUSIEST.format(counted=counted)
    return [dict(row) for row in await driver.fetch(statement, limit)]


def _relation(row: Any) -> Relation:
    known = row[3] >= 0 and row[2] in "rpm"  # -1: never counted
    return Relation(row[0], _KINDS.get(row[2], "other"), row[1], row[3] if known else None, row[4] or None, row[5])


_FITTING: Mapping[str, Callable[[str], Any]] = {
    "date": date.fromisoformat, "time": time.fromisoformat, "timestamp": datetime.fromisoformat,
    "timestamptz": datetime.fromisoformat, "numeric": Decimal, "uuid": UUID, "int2": int, "int4": int, "int8": int,
    "float4": float, "float8": float, "interval": lambda text: timedelta(seconds=float(text)),
    "bytea": bytes.fromhex,
}  # fmt: skip


def fitted(value: Any, kind: str) -> Any:
    """A JSON value as the driver wants it for a type of PostgreSQL. Intervals are in seconds, bytes hexadecimal."""
    if value is None:
        return None
    if kind in ("text", "varchar", "bpchar", "name"):
        return value if isinstance(value, str) else str(value)
    if kind == "numeric" and not isinstance(value, str):
        return Decimal(str(value))
    fit = _FITTING.get(kind)
    if fit is None or not isinstance(value, str):
        return value
    try:
        return fit(value)
    except (ValueError, InvalidOperation):
        raise ToolError(f"{value!r} is no {kind}.", hint="Dates are 2026-11-21, times 2026-11-21T14:00:00.") from None
