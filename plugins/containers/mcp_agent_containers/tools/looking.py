"""What there is: containers, and one of them in detail."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from mcp_agent import Context, Field, hide_in_command, tool
from mcp_agent_containers.checking import as_made
from mcp_agent_containers.engines import ConnectionName, ContainerName, engine_of
from mcp_agent_containers.examples import EXAMPLES
from mcp_agent_containers.guard import reaches
from mcp_agent_containers.words import (
    ENDED,
    PROJECT,
    SERVICE,
    bound_ports,
    hide_secrets,
    listed_ports,
    megabytes,
    name_of,
    short_id,
)

_MOST = 200
_LONGEST_COMMAND = 200
_OURS = "mcp-agent."
"""Labels by which the plugin knows its own again; one holds the environment."""


class Short(Struct, frozen=True, omit_defaults=True):
    """``status`` is the engine's own words: 'Up 3 hours (healthy)'. ``project`` and ``service`` are of compose."""

    name: str
    id: str
    image: str
    state: str
    status: str
    ports: list[str] = []
    project: str | None = None
    service: str | None = None


class Listing(Struct, frozen=True, omit_defaults=True):
    connection: str
    containers: list[Short] = []
    not_shown: int = 0


@tool(
    effect="read",
    examples=EXAMPLES["containers_list"],
)  # fmt: skip
async def containers_list(
    ctx: Context,
    search: Annotated[str, Field("Only those with this in the name, image or project.", max_length=200)] = "",
    state: Annotated[
        str | None, Field("Only in this state: running, exited, paused, created, restarting, dead.", max_length=20)
    ] = None,
    connection: ConnectionName = None,
) -> Listing:
    """Containers of Docker or Podman, stopped ones too: name, image, state, published ports."""
    engine = engine_of(ctx, connection)
    with engine.told("list containers"):
        found = [one._container for one in await engine.client.containers.list(all=True)]
    shown = sorted((_short(one) for one in found), key=lambda one: (one.state != "running", one.name))
    words = search.casefold()
    shown = [one for one in shown if _fits(one, words) and state in (None, one.state)]
    return Listing(str(engine), shown[:_MOST], max(0, len(shown) - _MOST))


def _fits(one: Short, words: str) -> bool:
    return any(words in text.casefold() for text in (one.name, one.image, one.project or ""))


def _short(raw: dict[str, Any]) -> Short:
    labels = raw.get("Labels") or {}
    return Short(
        name_of(raw), short_id(raw["Id"]), raw["Image"].removeprefix("sha256:")[:200],
        raw["State"], raw["Status"], listed_ports(raw.get("Ports") or ()), labels.get(PROJECT), labels.get(SERVICE),
    )  # fmt: skip


class Detail(Struct, frozen=True, omit_defaults=True):
    """``reaches_host`` says what the container has beyond itself. Memory is in megabytes."""

    name: str
    id: str
    connection: str
    image: str
    image_id: str
    state: str
    exit_code: int | None = None
    out_of_memory: bool = False
    error: str | None = None
    health: str | None = None
    last_health_output: str | None = None
    created: str | None = None
    started: str | None = None
    finished: str | None = None
    restarts: int = 0
    restart_policy: str | None = None
    command: str = ""
    user: str = ""
    working_dir: str = ""
    env: list[str] = []
    ports: list[str] = []
    mounts: list[str] = []
    networks: dict[str, str] = {}
    memory_limit: float | None = None
    cpus: float | None = None
    labels: dict[str, str] = {}
    reaches_host: list[str] = []


@tool(
    effect="read",
    origin="container",
    examples=EXAMPLES["containers_inspect"],
)  # fmt: skip
async def containers_inspect(ctx: Context, container: ContainerName, connection: ConnectionName = None) -> Detail:
    """One container: state, exit code, health, command, environment, ports, mounts, networks, limits, and what of the
    host it reaches. For what it wrote use containers_logs."""
    engine = engine_of(ctx, connection)
    with engine.told(f"inspect {container}"):
        raw = await engine.client.containers.container(container).show()
    return _detail(str(engine), raw)


def _detail(connection: str, raw: dict[str, Any]) -> Detail:
    state, config, host = raw["State"], raw["Config"], raw["HostConfig"]
    health = state.get("Health") or {}
    ended = state["Status"] in ENDED
    return Detail(
        name=name_of(raw), id=short_id(raw["Id"]), connection=connection,
        image=config["Image"], image_id=short_id(raw["Image"]), state=state["Status"],
        exit_code=state["ExitCode"] if ended else None, out_of_memory=bool(state.get("OOMKilled")),
        error=state.get("Error") or None, health=health.get("Status") or None,
        last_health_output=health["Log"][-1]["Output"][:500] if health.get("Log") else None,
        created=_time(raw["Created"]), started=_time(state["StartedAt"]), finished=_time(state["FinishedAt"]),
        restarts=raw.get("RestartCount", 0), restart_policy=(host.get("RestartPolicy") or {}).get("Name") or None,
        command=" ".join(hide_in_command([raw["Path"], *raw["Args"]]))[:_LONGEST_COMMAND],
        user=config.get("User") or "", working_dir=config.get("WorkingDir") or "",
        env=hide_secrets(config.get("Env") or ()),
        ports=bound_ports(host.get("PortBindings") or {}), mounts=[_mount(one) for one in raw.get("Mounts") or ()],
        networks={
            name: one.get("IPAddress") or "" for name, one in (raw["NetworkSettings"].get("Networks") or {}).items()
        },
        memory_limit=megabytes(host["Memory"]) if host.get("Memory") else None,
        cpus=host["NanoCpus"] / 1e9 if host.get("NanoCpus") else None,
        labels={key: text[:200] for key, text in (config.get("Labels") or {}).items() if not key.startswith(_OURS)},
        reaches_host=[reach.what for reach in reaches(as_made(raw))],
    )  # fmt: skip


def _time(text: str) -> str | None:
    """Engines say year 1 for never."""
    return None if text.startswith("0001-") else text[:19] + "Z"


def _mount(one: dict[str, Any]) -> str:
    source = one.get("Name") or one.get("Source") or one["Type"]
    return f"{source} -> {one['Destination']}{'' if one.get('RW', True) else ' (read-only)'}"
