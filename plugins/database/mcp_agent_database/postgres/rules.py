"""What a query may be made of, as data. Closed where that is possible: what is not named here is refused."""

from __future__ import annotations

from mcp_agent_database.words import words

STATEMENTS = frozenset({"SelectStmt", "ExplainStmt", "VariableShowStmt"})
"""Kinds of statements that may run read-only."""

NODES = words(
    """
    SelectStmt ResTarget ColumnRef ParamRef A_Star A_Const A_Expr BoolExpr NullTest BooleanTest FuncCall
    NamedArgExpr TypeCast TypeName CollateClause SubLink CaseExpr CaseWhen CoalesceExpr MinMaxExpr A_ArrayExpr
    A_Indirection A_Indices RowExpr GroupingFunc GroupingSet WindowDef SortBy WithClause CommonTableExpr RangeVar
    RangeSubselect RangeFunction RangeTableSample RangeTableFunc RangeTableFuncCol JoinExpr Alias ColumnDef String
    Integer Float Boolean BitString List SQLValueFunction XmlExpr XmlSerialize SetToDefault JsonFuncExpr JsonTable
    JsonTableColumn JsonTablePathSpec JsonIsPredicate JsonObjectConstructor JsonArrayConstructor
    JsonArrayQueryConstructor JsonObjectAgg JsonArrayAgg JsonAggConstructor JsonKeyValue JsonValueExpr JsonFormat
    JsonReturning JsonOutput JsonArgument JsonBehavior JsonParseExpr JsonScalarExpr JsonSerializeExpr
    """
)
"""Nodes of the parser's tree that a query is made of. Everything that writes, locks or copies is another node."""

FIELDS = frozenset({"intoClause", "lockingClause"})
"""Fields of a select that make it write or lock: ``SELECT INTO``, ``FOR UPDATE``."""

EXPLAIN_OPTIONS = words(
    """
    analyze verbose costs buffers timing summary format settings wal
    """
)

VOLATILE = words(
    """
    random random_normal gen_random_uuid uuidv4 uuidv7 clock_timestamp timeofday statement_timestamp
    pg_relation_size pg_total_relation_size pg_table_size pg_indexes_size pg_database_size pg_tablespace_size
    pg_column_size pg_is_in_recovery pg_blocking_pids pg_safe_snapshot_blocking_pids pg_current_wal_lsn
    pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp bernoulli system
    pg_stat_get_numscans pg_collation_actual_version pg_database_collation_actual_version
    """
)
"""Functions that count as having effects for the server, and have none. All others of that kind are refused."""

REFUSED = words(
    """
    pg_read_file pg_read_binary_file pg_stat_file pg_ls_dir pg_ls_logdir pg_ls_waldir pg_ls_tmpdir
    pg_ls_archive_statusdir pg_ls_logicalsnapdir pg_ls_logicalmapdir pg_ls_replslotdir pg_file_write pg_file_read
    pg_file_rename pg_file_unlink pg_file_sync pg_logdir_ls pg_hba_file_rules pg_ident_file_mappings
    pg_show_all_file_settings pg_current_logfile lo_import lo_export lo_create lo_creat lo_open lo_put lo_get
    lo_from_bytea lo_unlink lo_truncate lo_truncate64 lowrite loread lo_close lo_lseek lo_tell dblink dblink_connect
    dblink_connect_u dblink_exec dblink_open dblink_fetch dblink_send_query dblink_get_result query_to_xml
    query_to_xmlschema query_to_xml_and_xmlschema table_to_xml table_to_xmlschema table_to_xml_and_xmlschema
    schema_to_xml schema_to_xmlschema schema_to_xml_and_xmlschema database_to_xml database_to_xmlschema
    database_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema ts_stat ts_rewrite crosstab crosstab2 crosstab3
    crosstab4 crosstabn connectby xpath_table xslt_process txid_current pg_current_xact_id
    pg_sleep pg_sleep_for pg_sleep_until set_config setval
    nextval setseed pg_notify pg_logical_emit_message pg_terminate_backend pg_cancel_backend pg_reload_conf
    pg_rotate_logfile pg_switch_wal pg_create_restore_point pg_promote pg_wal_replay_pause pg_wal_replay_resume
    pg_export_snapshot pg_advisory_lock pg_advisory_lock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared
    pg_try_advisory_lock pg_try_advisory_xact_lock pg_stat_reset pg_stat_statements_reset pg_prewarm
    pg_log_backend_memory_contexts pg_config
    """
)
"""Functions that are refused even where the server thinks them harmless, or where it could not be asked."""

RELATIONS = words(
    """
    pg_authid pg_shadow pg_user_mapping pg_user_mappings pg_subscription pg_largeobject pg_largeobject_metadata
    pg_hba_file_rules pg_ident_file_mappings pg_file_settings pg_config pg_foreign_server user_mapping_options
    foreign_server_options pg_statistic pg_stats_ext_exprs
    """
)
"""Relations of the system that hold password hashes, addresses with passwords, or files of the server."""

GROWING = words(
    """
    repeat lpad rpad array_fill replace regexp_replace format overlay string_agg translate
    """
)
"""The planner runs these on constants, and a plan shows what came of it: hundreds of megabytes in one line."""

WRITES = frozenset({"InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt"})
"""What db_execute may run besides a change of the schema."""

CHANGES = words(
    """
    CreateStmt AlterTableStmt RenameStmt IndexStmt ViewStmt CommentStmt DropStmt CreateTableAsStmt CreateSeqStmt
    AlterSeqStmt CreateEnumStmt AlterEnumStmt CreateDomainStmt AlterDomainStmt CreateSchemaStmt TruncateStmt
    RefreshMatViewStmt AlterObjectSchemaStmt CompositeTypeStmt CreateStatsStmt
    """
)
"""Changes of the schema that a transaction can take back."""

WRITE_NODES = NODES | WRITES | {"MergeWhenClause", "OnConflictClause", "InferClause", "IndexElem", "MultiAssignRef"}

UNSAFE_FUNCTIONS = """
    select n.nspname, p.proname, n.nspname = any (current_schemas(true)),
           bool_or(p.pronargs - p.pronargdefaults <= 1 and p.pronargs > 0)
    from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
    where (p.provolatile = 'v' or (p.prosecdef and n.nspname <> 'pg_catalog'))
      and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
    group by 1, 2, 3
"""
"""Schema, name, whether it is found without its schema, whether it can be called with one argument."""
UNSAFE_OPERATORS = """
    select distinct o.oprname from pg_catalog.pg_operator o join pg_catalog.pg_proc p on p.oid = o.oprcode
    where p.provolatile = 'v'
"""
