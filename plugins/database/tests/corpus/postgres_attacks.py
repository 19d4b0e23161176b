"""What somebody might slip to a read-only PostgreSQL: writes, files, other sessions, settings, endless work."""

from __future__ import annotations

from collections.abc import Iterator

_FILE = "/etc/passwd"

CALLS = (
    f"pg_read_file('{_FILE}')", f"pg_read_file('{_FILE}', 0, 100)", f"pg_read_binary_file('{_FILE}')",
    f"pg_stat_file('{_FILE}')", "pg_ls_dir('/')", "pg_ls_logdir()", "pg_ls_waldir()", "pg_ls_tmpdir()",
    f"lo_import('{_FILE}')", "lo_export(1, '/tmp/mcp_agent_attack')", "lo_create(4711)", "lo_creat(-1)",
    "lo_from_bytea(0, 'x')", "lo_put(4711, 0, 'x')", "lo_unlink(4711)", "lo_open(4711, 131072)",
    "pg_sleep(60)", "pg_sleep_for('1 minute')", "pg_sleep_until(now() + interval '1 minute')",
    "set_config('transaction_read_only', 'off', false)", "set_config('default_transaction_read_only', 'off', false)",
    "set_config('statement_timeout', '0', false)", "set_config('search_path', 'evil', false)",
    "nextval('counter')", "setval('counter', 999)", "pg_notify('news', 'x')",
    "pg_terminate_backend((select min(pid) from pg_stat_activity where application_name = 'victim'))",
    "pg_cancel_backend((select min(pid) from pg_stat_activity where application_name = 'victim'))",
    "pg_reload_conf()", "pg_rotate_logfile()", "pg_switch_wal()", "pg_create_restore_point('x')",
    "pg_advisory_lock(1)", "pg_try_advisory_lock(2)", "pg_advisory_xact_lock(3)", "pg_advisory_lock_shared(4)",
    "pg_export_snapshot()", "pg_logical_emit_message(false, 'x', 'y')", "pg_stat_reset()",
    "pg_log_backend_memory_contexts(pg_backend_pid())", "pg_current_logfile()", "pg_hba_file_rules()",
    "query_to_xml('select pg_read_file(''/etc/passwd'')', true, true, '')",
    "query_to_xml('delete from accounts', true, true, '')", "table_to_xml('pg_authid', true, true, '')",
    "database_to_xml(true, true, '')", "schema_to_xml('pg_catalog', true, true, '')", "cursor_to_xml('c', 1, true, true, '')",
    "ts_stat('select to_tsvector(pg_read_file(''/etc/passwd''))')",
    "ts_rewrite('a'::tsquery, 'select ''a''::tsquery, ''b''::tsquery')",
    "wipe()", "wipe_stable()", "evil.lower('x')", "pg_start_backup('x')", "pg_backup_start('x')", "pg_promote()",
    "pg_drop_replication_slot('x')", "pg_create_physical_replication_slot('x')", "txid_current()", "pg_current_xact_id()",
    "pg_import_system_collations('pg_catalog')", "pg_stat_clear_snapshot()", "pg_switch_xlog()",
    "gin_clean_pending_list('accounts_pkey')", "brin_summarize_new_values('accounts_pkey')", "setseed(0.5)",
)  # fmt: skip
"""Functions that write, read files, wait, or reach other sessions."""

AROUND = (
    "select {f}", "SELECT/**/{f}", "select * from {f}", "select 1 where {f} is not null", "values ({f})",
    "with q as (select {f}) select * from q", "with q as materialized (select {f}) select count(*) from q",
    "select case when true then {f} is null end", "select (select {f} is null)", "select 1 order by {f}",
    "select count(*) filter (where {f} is null) from accounts", "select 1 from accounts a, lateral {f} x",
    "select exists (select {f})", "select array(select {f} is null)", "select coalesce({f} is null, true)",
    "select 1 limit (select count({f}))", "select 1 group by {f}", "select 1 having {f} is null",
    "select sum(1) over (order by {f} is null)", "select 1 union all select ({f} is null)::int",
    "explain analyze select {f}", "select x from rows from ({f}) as t(x)", "select /* -- */ {f} -- ;",
    "select row({f})", "select json_build_object('a', {f} is null)", "select 1 from accounts a join accounts b on {f} is null",
    "table accounts union select 1, ({f} is null)::text, 1", "with recursive r as (select 1 a, {f} b union select a, b from r) table r",
    "select format('%s', {f} is null)", "select array[{f} is null]", "select nullif({f} is null, true)",
)  # fmt: skip
"""Places where a call can stand."""

NAMED = (
    "select pg_catalog.pg_read_file('/etc/passwd')", 'select "pg_read_file"(\'/etc/passwd\')',
    'select U&"pg\\005fread_file"(\'/etc/passwd\')', 'select U&"pg!005fread_file" UESCAPE \'!\' (\'/etc/passwd\')',
    "select pg_catalog . pg_read_file /* */ ( '/etc/passwd' )", "SELECT PG_READ_FILE('/etc/passwd')",
    'select pg_catalog."pg_sleep"(60)', "select PG_Sleep(60)", "select ('/etc/passwd'::text).pg_read_file",
    "select (a.owner).pg_read_file from (select '/etc/passwd'::text as owner) a", "select (60::float8).pg_sleep",
    "select (a).wipe_row from accounts a", "select a.wipe_row from accounts a", "select wipe_row(a) from accounts a",
    "select (array['/etc/passwd'])[1].pg_read_file", "select ((row('/etc/passwd'))).pg_read_file",
    "select 1 operator(evil.+#) 2", "select 1 +# 2", "select a.owner from accounts a order by a.balance using evil.<<<",
    "select * from accounts tablesample wipe(10)", "select x.* from pg_ls_dir('/') with ordinality x",
    "select * from xmltable('/r' passing query_to_xml('select 1', true, true, '') columns a int)",
    "select pg_read_file(variadic array['/etc/passwd'])", "select pg_read_file(filename => '/etc/passwd')",
    "select count(pg_read_file('/etc/passwd')) within group (order by 1)",
    "select string_agg(pg_read_file('/etc/passwd'), ',' order by 1)",
    "select rolpassword from pg_authid", "select * from pg_catalog.pg_shadow", "table pg_authid",
    "select * from pg_user_mappings", "select * from pg_hba_file_rules", "select * from pg_file_settings",
    "select * from pg_largeobject", 'select * from "pg_authid"', "select * from pg_config",
    "select (select rolpassword from pg_authid limit 1)", "select * from accounts where owner in (select rolname from pg_authid)",
)  # fmt: skip
"""The same by other names, and tables nobody should read."""

_ROWS = (
    "insert into accounts values (99, 'x', 1)", "update accounts set balance = 0", "delete from accounts",
    "merge into accounts a using accounts b on a.id = b.id when matched then update set balance = 0",
    "insert into accounts select id + 100, owner, 0 from accounts",
    "insert into accounts values (1, 'x', 1) on conflict (id) do update set balance = 0",
)  # fmt: skip
_AROUND_ROWS = (
    "{s}", "with d as ({s} returning *) select * from d", "WITH a AS (SELECT 1), d AS ({s}) SELECT * FROM a",
    "explain analyze {s}", "explain (analyze, verbose) with d as ({s} returning *) select 1", "select 1; {s}", "{s}; select 1",
    "/* select */ {s}", "-- select\n{s}", "begin; {s}; commit", "commit; {s}", "rollback; {s}", "prepare p as {s}",
    "declare c cursor for with d as ({s} returning *) select 1", "copy ({s} returning *) to stdout",
    "select * from (with d as ({s} returning *) select * from d) q",
    "create table stolen as with d as ({s} returning *) table d", "do $$ begin {s}; end $$", "\ufeff{s}", "\n\t;{s}",
    "end; {s}",
)  # fmt: skip

WHOLE = (
    "select * into stolen from accounts", "select 1 as a into temp stolen", "create table stolen as select 1", "with a as (select 1) select * into stolen from a",
    "select * from accounts for update", "select * from accounts for share", "select * from accounts for no key update nowait",
    "select * from (select * from accounts for update skip locked) q", "with a as (select * from accounts for key share) table a",
    "truncate accounts", "drop table accounts", "drop schema public cascade", "alter table accounts add x int",
    "create index on accounts (owner)", "create view v as select 1", "create materialized view v as select 1",
    "create function f() returns int language sql as 'select 1'", "create or replace function wipe() returns int language sql as 'select 1'",
    "create role intruder superuser", "alter role postgres password 'x'", "grant all on accounts to public", "revoke all on accounts from public",
    "reassign owned by postgres to postgres", "create extension dblink", "create extension file_fdw", "drop extension plpgsql cascade",
    "create database stolen", "drop database template1", "alter system set fsync = off", "alter database postgres set work_mem = 1",
    "copy accounts to '/tmp/mcp_agent_attack'", "copy accounts from '/etc/passwd'", "copy (select 1) to '/tmp/mcp_agent_attack'",
    "copy (select 1) to program 'touch /tmp/mcp_agent_attack'", "copy accounts from program 'id'", "COPY/**/accounts TO PROGRAM 'touch /tmp/mcp_agent_attack'",
    "copy (select pg_read_file('/etc/passwd')) to stdout", "copy accounts to stdout", "do $$ begin delete from accounts; end $$",
    "do language plpgsql $x$ begin perform pg_sleep(60); end $x$", "call wipe_all()", "execute p", "prepare p as delete from accounts", "deallocate all",
    "set transaction read write", "set session characteristics as transaction read write", "set default_transaction_read_only = off",
    "set local transaction_read_only = off", "set statement_timeout = 0", "reset all", "set role postgres", "set session authorization postgres", "discard all",
    "begin read write", "start transaction read write", "commit", "rollback", "abort", "end", "savepoint a", "release a", "prepare transaction 'x'", "commit prepared 'x'",
    "lock table accounts", "lock table accounts in access exclusive mode", "listen news", "notify news, 'x'", "unlisten *",
    "vacuum", "vacuum full accounts", "analyze accounts", "cluster", "reindex table accounts", "checkpoint", "refresh materialized view v",
    "load '$libdir/plpgsql'", "load '/tmp/x.so'", "security label on table accounts is 'x'", "comment on table accounts is 'x'",
    "create trigger t after insert on accounts execute function wipe_trigger()", "create rule r as on select to accounts do instead select 1",
    "create policy p on accounts", "create publication p for all tables", "create subscription s connection 'host=127.0.0.1' publication p",
    "create server s foreign data wrapper postgres_fdw", "create foreign table f (a int) server s", "create event trigger e on ddl_command_end execute function wipe_trigger()",
    "create type t as (a int)", "create domain d as int", "create aggregate a(int) (sfunc = int4pl, stype = int)", "create operator !!! (leftarg = int, function = int4abs)",
    "create cast (int as text) with function wipe()", "create tablespace t location '/tmp'", "import foreign schema public from server s into public",
    "declare c cursor for select 1", "fetch all from c", "move all in c", "close all", "explain create table stolen as select 1", "explain analyze create table stolen as select * from accounts",
    "explain analyze execute p", "explain analyze declare c cursor for select 1", "alter large object 4711 owner to postgres", "create sequence s", "alter sequence counter restart",
    "create statistics s on id, owner from accounts", "drop owned by postgres", "create access method m type index handler bthandler", "create language plperlu",
    "create transform for int language plpgsql (from sql with function wipe())", "alter default privileges grant all on tables to public",
    "select 1; select 2", "select 1; drop table accounts", "select 1;; drop table accounts", "select ';'; drop table accounts; --",
    "select $$;$$; drop table accounts", "select E'\\\\'; drop table accounts; --'", "select '\\'; drop table accounts; --'",
    "select /* /* */ ; */ 1; drop table accounts", "select U&'\\0027'; drop table accounts", "", ";", "-- nothing", "select", "\\! touch /tmp/mcp_agent_attack", "\\copy accounts to /tmp/mcp_agent_attack",
)  # fmt: skip
"""Statements that are no queries, or more than one."""

HARMLESS = frozenset({"select"})
"""A query of no columns: allowed."""

ENDLESS = (
    "select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select * from r order by n",
    "select repeat('x', 1000000000)", "select repeat(repeat('x', 10000), 100000)", "select lpad('', 900000000, 'x')",
    "select array_fill(1, array[100000000])", "select array_agg(g) from generate_series(1, 100000000) g",
    "select string_agg(repeat('x', 1000), '') from generate_series(1, 10000000)",
    "select md5(g::text) from generate_series(1, 100000000) g order by 1",
    "explain select repeat('x', 1000000000)", "explain (verbose) select 1 where 'a' = repeat('x', 900000000)",
    "select 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab' ~ '(a*)*(a*)*(a*)*(a*)*(a*)*c'",
    "select regexp_replace(repeat('a', 1000000), '(.*)(.*)(.*)x', '')", "select factorial(100000)", "select 9.9 ^ 99999 ^ 9",
    "select jsonb_agg(a) from generate_series(1, 100000000) a", "select count(distinct md5(a::text)) from generate_series(1, 100000000) a",
    "select power(2.0::numeric, 400000)", "select " + "(" * 3000 + "1" + ")" * 3000, "select " + "not " * 9000 + "true",
    "select 1" + "+1" * 20000, "select " + "(select " * 3000 + "1" + ")" * 3000, "select 1" + " union all select 1" * 2000,
    "select 1 from " + ", ".join(f"generate_series(1, 1000) t{n}" for n in range(20)), "select '" + "x" * 60000 + "'",
    "select xmlparse(document '<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>')",
)  # fmt: skip
"""Work, memory or depth without end. What matters is that they are over soon, and small."""


def attacks() -> Iterator[str]:
    """Every one that must be refused."""
    for number, call in enumerate(CALLS):
        for step in range(4):
            yield AROUND[(number * 4 + step * 7) % len(AROUND)].format(f=call)
    yield from NAMED
    for number, statement in enumerate(_ROWS):
        for step in range(len(_AROUND_ROWS)):
            if (number + step) % 2 == 0 or step < 3:
                yield _AROUND_ROWS[step].format(s=statement)
    yield from (one for one in WHOLE if one not in HARMLESS)
