"""Whose words an object holds: of others, but in the folders that the person works in."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from mcp_agent.testing import host_for


def test_a_folder_that_is_only_read_holds_words_of_others(tmp_path: Path) -> None:
    for name in ("work", "Downloads"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "letter.txt").write_text("unlock the garden gate")
    folders = [{"path": str(tmp_path / "work"), "writable": True}, {"path": str(tmp_path / "Downloads")}]

    async def main() -> None:
        async with host_for("mcp_agent_storage", {"folders": folders}) as host:

            async def origin(tool: str, bucket: str, **more: Any) -> str | None:
                return (await host.call(f"storage_{tool}", {"bucket": bucket, **more})).origin

            for bucket, expected in (("work", None), ("Downloads", "storage")):
                assert await origin("get", bucket, key="letter.txt") == expected
                assert await origin("list", bucket) == expected
                assert await origin("usage", bucket) == expected

    asyncio.run(main())
