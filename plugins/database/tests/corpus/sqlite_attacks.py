"""What somebody might slip to a read-only SQLite file."""

from __future__ import annotations

from collections.abc import Iterator

_ROWS = (
    "insert into accounts values (99, 'x', 1)", "update accounts set balance = 0", "delete from accounts",
    "replace into accounts values (1, 'x', 0)", "insert or replace into accounts select id, owner, 0 from accounts",
    "insert into accounts values (1, 'x', 1) on conflict (id) do update set balance = 0",
    "delete from accounts where id in (select id from accounts)", "update accounts set balance = 0 returning *",
    "insert into words values ('x')", "insert into words(words) values ('optimize')", "delete from words",
    "update sqlite_master set sql = 'x'", "delete from sqlite_master", "insert into sqlite_master values (1, 1, 1, 1, 1)",
    "update sqlite_sequence set seq = 0", "insert into boxes values (1, 1, 2, 1, 2)", "delete from boxes_node",
)  # fmt: skip
_AROUND = (
    "{s}",
    "with q as (select 1) {s}",
    "/* select */ {s}",
    "-- select\n{s}",
    "select 1; {s}",
    "explain {s}; {s}",
    "begin; {s}; commit",
)

WHOLE = (
    "attach 'stolen.db' as s", "attach database ':memory:' as s", "attach '/etc/passwd' as s", "ATTACH/**/'stolen.db' AS s",
    "attach 'file:stolen.db?mode=rwc' as s", "detach main", "vacuum", "vacuum into 'stolen.db'", "vacuum main into 'stolen.db'",
    "create table stolen (a)", "create table stolen as select * from accounts", "create temp table stolen as select 1",
    "create view v as select 1", "create temp view v as select 1", "create index i on accounts (owner)", "create unique index i on accounts (owner)",
    "create trigger t after insert on accounts begin delete from accounts; end", "create temp trigger t after insert on accounts begin select 1; end",
    "create virtual table v using fts5(a)", "create virtual table temp.v using fts5(a)", "drop table accounts", "drop table words", "drop view owners",
    "drop index accounts_owner", "drop trigger keep", "alter table accounts rename to x", "alter table accounts add b", "alter table accounts drop balance",
    "reindex", "analyze", "analyze accounts", "begin", "begin immediate", "begin exclusive", "commit", "rollback", "end", "savepoint a", "release a",
    "pragma writable_schema = on", "pragma writable_schema(1)", "PRAGMA/**/writable_schema=1", "pragma main.writable_schema = 1", "pragma query_only = off",
    "pragma query_only(0)", "pragma journal_mode = delete", "pragma journal_mode(off)", "pragma user_version = 7", "pragma main.user_version(7)",
    "pragma application_id = 7", "pragma schema_version = 7", "pragma page_size = 512", "pragma encoding = 'UTF-16'", "pragma auto_vacuum = 1",
    "pragma incremental_vacuum", "pragma wal_checkpoint", "pragma wal_checkpoint(truncate)", "pragma optimize", "pragma locking_mode = exclusive",
    "pragma secure_delete = off", "pragma synchronous = off", "pragma temp_store_directory = '/tmp'", "pragma data_store_directory = '/tmp'",
    "pragma trusted_schema = on", "pragma recursive_triggers = on", "pragma foreign_keys = off", "pragma ignore_check_constraints = on",
    "pragma legacy_alter_table = on", "pragma mmap_size = 1000000000", "pragma cache_size = 100000000", "pragma soft_heap_limit = 1", "pragma hard_heap_limit = 1",
    "pragma threads = 8", "pragma busy_timeout = 1000000", "pragma shrink_memory", "pragma reverse_unordered_selects = on", "pragma key = 'x'", "pragma rekey = 'x'",
    "pragma integrity_check(1000000000)", "pragma case_sensitive_like = on", "pragma cell_size_check = off", "pragma journal_size_limit = 1", "pragma max_page_count = 1",
    "select * from pragma_writable_schema", "select * from pragma_journal_mode('delete')", "select * from pragma_user_version(7)", "select * from pragma_optimize",
    "select load_extension('/tmp/x.so')", "select LOAD_EXTENSION('x', 'y')", 'select "load_extension"(\'x\')', "select load_extension(owner) from accounts",
    "select 1 where load_extension('x') is null", "with q as (select load_extension('x')) select * from q", "values (load_extension('x'))",
    "select 1 order by load_extension('x')", "select count(*) filter (where load_extension('x')) from accounts", "select case when 1 then load_extension('x') end",
    "select readfile('/etc/passwd')", "select writefile('stolen', 'x')", "select edit('x')", "select * from fsdir('/')", "select fts3_tokenizer('simple')",
    "select fts3_tokenizer('simple', x'00')", "select optimize(words) from words", "select 1; select 2", "select 1; drop table accounts", "select 1;; drop table accounts",
    "select ';'; drop table accounts", "explain drop table accounts", "explain query plan delete from accounts", "explain update accounts set balance = 0", "", ";", "-- nothing",
    ".shell touch stolen", ".read /etc/passwd", ".open /etc/passwd", "select * from accounts for update", "select 1\0; drop table accounts",
)  # fmt: skip

ENDLESS = (
    "with recursive r(n) as (select 1 union all select n + 1 from r) select count(*) from r",
    "with recursive r(n) as (select 1 union select n + 1 from r) select count(*) from r",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select * from r order by -n",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select group_concat(n) from r",
    "with recursive r(n) as (select 1 union all select n + 1 from r) select json_group_array(n) from r",
    "with recursive r(s) as (select 'x' union all select s || s from r) select length(s) from r",
    "select zeroblob(2000000000)", "select randomblob(1000000000)", "select hex(zeroblob(1000000000))", "select printf('%1000000000d', 1)",
    "select replace(hex(zeroblob(1000000)), '0', hex(zeroblob(1000000)))", "select printf('%.*c', 1000000000, 'x')",
    "with a(n) as (values (1),(2),(3),(4),(5),(6),(7),(8),(9),(10)) select count(*) from a a, a b, a c, a d, a e, a f, a g, a h, a i, a j, a k, a l",
    "select replace(hex(zeroblob(1000000)), '0', 'a') like '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%ab'",
    "select replace(hex(zeroblob(1000000)), '0', 'a') glob '*a*a*a*a*a*a*a*a*a*a*a*a*a*a*ab'",
    "select " + "(" * 3000 + "1" + ")" * 3000, "select " + "not " * 9000 + "1", "select 1" + "+1" * 20000, "select 1" + " union all select 1" * 2000,
    "select " + ",".join("zeroblob(4000000)" for _ in range(40)), "select '" + "x" * 60000 + "'", "select abs(-9223372036854775808)",
    "select count(*) from dbstat a, dbstat b, dbstat c, dbstat d, dbstat e, dbstat f, dbstat g, dbstat h",
)  # fmt: skip


def attacks() -> Iterator[str]:
    """Every one that must be refused."""
    for number, statement in enumerate(_ROWS):
        for step, around in enumerate(_AROUND):
            if (number + step) % 2 == 0 or step < 2:
                yield around.format(s=statement)
    yield from WHOLE
