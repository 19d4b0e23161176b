"""Arguments that tools share, and whose words their results are."""

from __future__ import annotations

from typing import Annotated, Any

from mcp_agent import Context, Field
from mcp_agent_storage.local import by_name
from mcp_agent_storage.store import LOCAL

StoreName = Annotated[str, Field("Its name from storage_whoami; not needed where there is one account.", max_length=64)]
BucketName = Annotated[str, Field("From storage_buckets.", min_length=1, max_length=255)]
Key = Annotated[str, Field("The key of the object, such as 'photos/2024/cat.jpg'.", min_length=1, max_length=1024)]
Prefix = Annotated[str, Field("What keys begin with; folders end in '/'.", max_length=1024)]
PathText = Annotated[str, Field("A file here: absolute, '~/...', or relative to the first writable folder.")]


def outside(ctx: Context, arguments: Any) -> str | None:
    """Anybody may have written what is in a bucket; the work of the person is in their writable folders."""
    local = arguments.store == LOCAL or (not arguments.store and not ctx.config.stores)
    folder = by_name(ctx.folders.configured).get(arguments.bucket) if local else None
    return None if folder is not None and ctx.folders.is_writable(folder.path) else "storage"


def size_of(count: int) -> str:
    """For people: 3.2 MB."""
    size = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
