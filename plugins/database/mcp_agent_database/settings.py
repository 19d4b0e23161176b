"""The section ``plugins: database:`` of the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Field, Folder

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$")]


class Connection(Struct, frozen=True, forbid_unknown_fields=True):
    """One database. Its password, or the key of a Supabase project, is the secret of the same name."""

    url: Annotated[
        str,
        Field(
            "postgresql://anna@db.example.org/shop, mongodb://anna@db.example.org/shop, https://PROJECT.supabase.co, "
            "or the path of a SQLite file. "
            "Never with a password: mcp-agent secrets set database NAME.",
            pattern=r"^(?![\w+.-]+://[^@]*:[^@]*@)(?!.*[?&][^=&]*([Pp]assword|[Ss]ecret|[Tt]oken)[^=&]*=)(?!.*TOKEN:).+$",
        ),
    ]
    writable: Annotated[bool, Field("Whether db_execute and db_migrate may change it.")] = False
    functions: Annotated[
        tuple[str, ...], Field("Functions of this database that queries may call although they may have effects.")
    ] = ()


class Settings(Struct, frozen=True):
    """Every field has a default: without connections there is a small example, and SQLite files in the folders."""

    connections: Annotated[dict[Name, Connection], Field("Databases by name.")] = {}
    folders: Annotated[
        tuple[Folder, ...], Field("Folders with SQLite files and for exports; empty for the usual ones.")
    ] = ()
    seconds: Annotated[float, Field("How long one statement may run.", ge=0.5, le=600)] = 15.0
    idle_seconds: Annotated[float, Field("When a connection nobody uses is closed.", ge=1, le=3600)] = 60.0
