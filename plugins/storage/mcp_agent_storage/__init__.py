"""Storage: buckets of any S3 service, or the folders of this machine as buckets, with the same tools."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from mcp_agent import Context, PluginInfo, Scene, Setup, Stage, hookimpl
from mcp_agent_storage.s3.connection import Connection
from mcp_agent_storage.settings import Settings
from mcp_agent_storage.tools import looking, reading, syncing, writing


async def _keeps_a_file(stage: Stage) -> None:
    buckets = (await stage.call("storage_buckets", store="local")).data["result"]
    writable = [one["name"] for one in buckets if one.get("writable")]
    stage.check(bool(writable), f"no folder can be written to: {buckets}")
    bucket, key = writable[0], "storage-demo/plan.txt"
    put = await stage.call("storage_put", store="local", bucket=bucket, key=key, text="Tomatoes: 4\nBeans: 12\n")
    stage.check(not put.is_error, f"it could not be put: {put.text}")
    found = await stage.call("storage_list", store="local", bucket=bucket, prefix="storage-demo/")
    stage.check(key in found.text, f"it is not there: {found.text}")
    read = await stage.call("storage_get", store="local", bucket=bucket, key=key, start=12)
    stage.check("Beans: 12" in read.text, f"a part of it could not be read: {read.text}")
    stage.say(f"It put {key} into {put.data['where']}, and read its second line alone.")
    gone = await stage.call("storage_delete", store="local", bucket=bucket, keys=[key])
    stage.check(not gone.is_error, f"it could not be deleted: {gone.text}")
    stage.say(f"{gone.text} With an account the same tools work on any S3.")


@hookimpl
def mcp_agent_info() -> PluginInfo:
    return PluginInfo(title="Storage", description="Buckets of any S3 service, or folders of this machine as buckets.")


@hookimpl
def mcp_agent_config() -> type[Struct]:
    return Settings


@hookimpl
def mcp_agent_setup() -> Setup:
    from mcp_agent_storage.finding import find  # brings an HTTP client, and is asked for by setup alone

    return Setup(ask=("stores",), find=find)


@hookimpl
def mcp_agent_tools() -> Sequence[Callable[..., Any]]:
    return [
        looking.storage_whoami, looking.storage_buckets, looking.storage_list, reading.storage_get,
        reading.storage_download, looking.storage_usage, writing.storage_put, writing.storage_copy,
        writing.storage_delete, writing.storage_delete_forever, writing.storage_presign,
        syncing.storage_sync_plan, syncing.storage_sync_apply,
    ]  # fmt: skip


@hookimpl
async def mcp_agent_startup(ctx: Context) -> None:
    settings: Settings = ctx.config
    ctx.state = {name: Connection(account, settings.idle_seconds) for name, account in settings.stores.items()}


@hookimpl
async def mcp_agent_health(ctx: Context) -> str:
    settings: Settings = ctx.config
    stores = settings.stores
    missing = [name for name in stores if not stores[name].access_key_id or await ctx.secrets.get(name) is None]
    keys = f" Without a key: {', '.join(missing)}." if missing else ""
    return f"S3 accounts: {len(stores)}; folders as buckets: {len(ctx.folders.configured)}.{keys}"


@hookimpl
async def mcp_agent_shutdown(ctx: Context) -> None:
    if ctx.state is not None:
        await asyncio.gather(*(connection.close() for connection in ctx.state.values()))


@hookimpl
def mcp_agent_demo() -> Sequence[Scene]:
    return [Scene("It keeps a file in a bucket", _keeps_a_file)]
