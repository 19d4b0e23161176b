"""The configuration: every setting there is, its type, its default and what it is for.

This is the single source: ``mcp-agent config init`` writes these descriptions as comments, and the file, the
environment and code that embeds a Host are all held against these types.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from mcp_agent.model import Effect, LogLevel

Seconds = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=1)]
Rate = Annotated[float, Meta(ge=0)]


class _Section(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class LimitSettings(_Section, frozen=True):
    """Bounds that keep one client or one tool from using up the machine."""

    message_bytes: Annotated[Count, Meta(description="Longest message a client may send, in bytes.")] = 16 * 2**20
    in_flight: Annotated[Count, Meta(description="Requests of one client at a time; more are refused.")] = 4000
    tool_seconds: Annotated[
        Seconds, Meta(description="How long a tool may run that sets no time of its own. 0 for no limit.")
    ] = 600.0
    background_after: Annotated[
        Seconds,
        Meta(description="Seconds after which a call goes on in the background. 0 for never. Clients give up at 60."),
    ] = 20.0
    threads: Annotated[Count, Meta(description="Threads of each plugin, for libraries that block.")] = 8
    page_size: Annotated[Count, Meta(description="Items in one page of a listing.")] = 250
    plugin_start_seconds: Annotated[Seconds, Meta(description="How long a plugin may take to start, and to stop.")] = (
        10.0
    )


class LogSettings(_Section, frozen=True):
    """The log: JSON lines in the state folder, and a readable form on stderr."""

    level: Annotated[LogLevel, Meta(description="The least important level that is kept in the file.")] = "info"
    stderr_level: Annotated[LogLevel, Meta(description="The least important level shown on stderr.")] = "warning"
    max_bytes: Annotated[Count, Meta(description="Size at which a new log file is begun.")] = 5 * 2**20
    keep_files: Annotated[Count, Meta(description="Old log files kept; each day begins a new one.")] = 20
    keep_days: Annotated[Count, Meta(description="Days after which an old log file is deleted.")] = 30


class Rule(_Section, frozen=True):
    """Decides the calls it matches. Names are patterns with * and ?; what is left out matches everything."""

    decide: Annotated[Literal["allow", "ask", "deny"], Meta(description="What happens to a call that matches.")]
    tool: Annotated[str, Meta(description="Tools, such as 'home_*'.")] = "*"
    plugin: Annotated[str, Meta(description="Plugins.")] = "*"
    effect: Annotated[tuple[Effect, ...], Meta(description="read, write, destructive.")] = ()
    principal: Annotated[str, Meta(description="Who calls: 'stdio:claude-ai', 'http*', 'cli', 'library'.")] = "*"
    when: Annotated[
        str, Meta(description="A condition over the arguments, in CEL: 'entity_id in [\"lock.front\"]'.")
    ] = ""
    every: Annotated[
        Literal["call", "session"] | None,
        Meta(description="How often 'ask' asks. Left out: once a session for write, each time for destructive."),
    ] = None
    because: Annotated[str, Meta(description="A reason to show.")] = ""


class PolicySettings(_Section, frozen=True):
    """What assistants may do. Without rules: reading is free, writing asks once a session, destroying each time."""

    read_only: Annotated[bool, Meta(description="Nothing may be changed, whatever the rules say.")] = False
    rules: Annotated[tuple[Rule, ...], Meta(description="The first rule that matches a call decides.")] = ()
    out_of_band: Annotated[
        bool,
        Meta(description="Where a client cannot ask you, wait for 'mcp-agent approve'. Otherwise that means no."),
    ] = True
    notify: Annotated[
        bool, Meta(description="Show what waits on your desktop as well, with buttons (needs the extra 'notify').")
    ] = True
    wait_seconds: Annotated[Seconds, Meta(description="How long such a call waits for you.")] = 45.0
    approval_seconds: Annotated[Seconds, Meta(description="How long an approval stays good, unused.")] = 300.0


class AuditSettings(_Section, frozen=True):
    """The audit log: every call and every refusal, in the data folder. Old files are kept."""

    rotate_bytes: Annotated[Count, Meta(description="Size at which the file is put away and a new one begun.")] = (
        64 * 2**20
    )
    rotate_days: Annotated[Count, Meta(description="Age in days at which the file is put away.")] = 30


class ExposeSettings(_Section, frozen=True):
    """Which tools a client sees. What it does not see it finds with find_tools, and calls with call_tool."""

    mode: Annotated[
        Literal["auto", "all", "search"],
        Meta(
            description="'all' tools, or a few that find the others ('search'). 'auto': search when all cost too much."
        ),
    ] = "auto"
    budget_tokens: Annotated[Count, Meta(description="What all tools may cost a model in tokens, with 'auto'.")] = 4000
    pinned: Annotated[tuple[str, ...], Meta(description="Tools that are always listed, such as 'home_*'.")] = ()


class ResultSettings(_Section, frozen=True):
    """Results that are too large for a model: it sees how they begin, and reads the rest in parts."""

    budget_tokens: Annotated[Count, Meta(description="What one result may cost a model in tokens.")] = 2000
    keep_seconds: Annotated[Seconds, Meta(description="How long a larger one is kept.")] = 3600.0
    keep_bytes: Annotated[Count, Meta(description="Disk for all that are kept; the oldest make room.")] = 256 * 2**20


class HttpSettings(_Section, frozen=True):
    """Serving over HTTP, with ``mcp-agent serve --http``."""

    allowed_origins: Annotated[
        tuple[str, ...], Meta(description="Web origins that may call, beside this machine's own.")
    ] = ()
    allowed_hosts: Annotated[
        tuple[str, ...],
        Meta(description="Host names under which the server may be reached, beside its address."),
    ] = ()
    session_seconds: Annotated[Seconds, Meta(description="A session that is silent for longer is closed.")] = 3600.0
    max_sessions: Annotated[Count, Meta(description="Sessions at a time; the longest silent one makes room.")] = 200


class HttpClientSettings(_Section, frozen=True):
    """What plugins may use of the network, each of them."""

    connections: Annotated[Count, Meta(description="Connections of one plugin at a time.")] = 32
    connections_per_host: Annotated[Count, Meta(description="Connections of one plugin to one host at a time.")] = 8
    connect_seconds: Annotated[Seconds, Meta(description="How long connecting may take.")] = 10.0
    total_seconds: Annotated[
        Seconds, Meta(description="How long a request may take, its answer included, where a tool sets no time.")
    ] = 60.0


class ReliabilitySettings(_Section, frozen=True):
    """What keeps one plugin or service in trouble from troubling the others."""

    principal_rate: Annotated[Rate, Meta(description="Calls a minute that one client may make. 0 for no limit.")] = 0
    plugin_rate: Annotated[Rate, Meta(description="Calls a minute to one plugin, of all clients. 0 for no limit.")] = 0
    tool_rate: Annotated[
        Rate, Meta(description="Calls a minute to a tool that sets no rate of its own. 0 for no limit.")
    ] = 0
    plugin_calls: Annotated[Count, Meta(description="Calls that one plugin works on at a time; more wait.")] = 64
    plugin_queue: Annotated[int, Meta(ge=0, description="Calls that may wait for one plugin; more are refused.")] = 4000
    attempts: Annotated[Count, Meta(description="Tries of a call that may be repeated without harm.")] = 3
    retry_seconds: Annotated[Seconds, Meta(description="No try begins later than this after the first.")] = 10.0
    breaker_failures: Annotated[
        Count, Meta(description="Failures in a row after which a service is left alone for a while.")
    ] = 5
    breaker_seconds: Annotated[Seconds, Meta(description="How long a service that keeps failing is left alone.")] = 30.0
    breaker_trials: Annotated[
        Count, Meta(description="Calls let through at a time afterwards, to see if it is back.")
    ] = 1
    cache_bytes: Annotated[int, Meta(ge=0, description="Memory for answers that stay good for a while, in bytes.")] = (
        8 * 2**20
    )
    cache_disk_bytes: Annotated[int, Meta(ge=0, description="Disk for the same, in bytes.")] = 64 * 2**20
    stale_seconds: Annotated[
        Seconds, Meta(description="Oldest answer given in place of a fresh one, where a tool allows that.")
    ] = 86400.0


class VaultSettings(_Section, frozen=True):
    """Where secrets are kept; ``mcp-agent secrets`` sets them. Never put one into this file."""

    store: Annotated[
        Literal["auto", "keyring", "file"],
        Meta(description="The OS keyring, an encrypted file, or 'auto': the keyring where there is one."),
    ] = "auto"


class Config(_Section, frozen=True):
    """All settings. Sections of plugins are checked against what each plugin declares."""

    limits: LimitSettings = LimitSettings()
    log: LogSettings = LogSettings()
    audit: AuditSettings = AuditSettings()
    expose: ExposeSettings = ExposeSettings()
    results: ResultSettings = ResultSettings()
    http: HttpSettings = HttpSettings()
    http_client: HttpClientSettings = HttpClientSettings()
    vault: VaultSettings = VaultSettings()
    policy: PolicySettings = PolicySettings()
    reliability: ReliabilitySettings = ReliabilitySettings()
    plugins: Annotated[
        dict[str, dict[str, Any]],
        Meta(description="A section per plugin: 'enabled: false' switches it off, the rest is its own."),
    ] = field(default_factory=dict)
