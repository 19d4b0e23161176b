"""The section ``plugins: containers:`` of the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Field, Folder


class Allow(Struct, frozen=True, forbid_unknown_fields=True):
    """What containers may have that reaches beyond them. Nothing, unless it is written here."""

    privileged: Annotated[bool, Field("Privileged ones, and such as switch off parts of the isolation.")] = False
    host_network: Annotated[bool, Field("The network of the host.")] = False
    host_pid: Annotated[bool, Field("The processes of the host.")] = False
    host_ipc: Annotated[bool, Field("The shared memory of the host.")] = False
    engine_socket: Annotated[bool, Field("The socket of the engine: whoever has it has the host.")] = False
    mounts: Annotated[
        tuple[str, ...], Field("Folders of the host, with what is in them: '/srv/data', or '/srv/data:ro' to read.")
    ] = ()
    capabilities: Annotated[tuple[str, ...], Field("Such as NET_ADMIN.")] = ()
    devices: Annotated[tuple[str, ...], Field("Such as /dev/snd.")] = ()


class Connection(Struct, frozen=True, forbid_unknown_fields=True):
    """A Docker or Podman engine."""

    url: Annotated[
        str,
        Field(
            "unix:///run/docker.sock, npipe:////./pipe/docker_engine or tcp://HOST:PORT. Empty: what is found here.",
            pattern=r"^(|unix:///.+|npipe://.+|(tcp|http|https)://[^\s/]+)$",
        ),
    ] = ""
    writable: Annotated[bool, Field("Whether anything may be changed there.")] = False
    allow: Annotated[Allow, Field("What containers may have that reaches beyond them.")] = Allow()


class Settings(Struct, frozen=True):
    """Every field has a default: without connections there is one, ``local``, which is only read."""

    connections: Annotated[
        dict[str, Connection], Field("Engines by the names that assistants use for them; the first is the default.")
    ] = {}
    folders: Annotated[tuple[Folder, ...], Field("Folders in which compose files are read.")] = ()
