"""The section ``plugins: storage:`` of the configuration."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from mcp_agent import Field, Folder

Name = Annotated[str, Field(pattern=r"^(?!local$)[A-Za-z0-9]([A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$")]


class Account(Struct, frozen=True, forbid_unknown_fields=True):
    """One S3 account. Its secret access key is the secret of the same name."""

    access_key_id: Annotated[str, Field("The id of the key, not the secret.", pattern=r"^[!-~]{0,256}$")] = ""
    endpoint: Annotated[
        str,
        Field("https://s3.example.org, of any S3 service; empty for Amazon.", pattern=r"^(https?://[^\s/@?#]+/?)?$"),
    ] = ""
    region: Annotated[str, Field("Where the buckets are.", pattern=r"^[a-z0-9-]{1,64}$")] = "us-east-1"
    writable: Annotated[bool, Field("Whether anything in it may be changed.")] = False


class Settings(Struct, frozen=True):
    """Every field has a default: without accounts, the folders are buckets."""

    stores: Annotated[dict[Name, Account], Field("S3 accounts by name; 'local' is your folders.")] = {}
    folders: Annotated[
        tuple[Folder, ...], Field("Folders to use as buckets, and for files to send and fetch; empty: the usual ones.")
    ] = ()
    idle_seconds: Annotated[float, Field("When a connection that nobody uses is closed.", ge=0.05, le=3600)] = 60.0
