"""Old and foreign formats are read in a process of their own, with limits: a damaged file may end a reader."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from mcp_agent import ToolError

SECONDS = 60
MOST_BYTES = 2 * 2**30


class Sheet(Struct, frozen=True):
    """As calamine gives it; values are JSON already."""

    name: str
    visible: str
    end: list[int] | None
    rows: list[list[Any]]

    def iter_rows(self) -> Iterator[list[Any]]:
        return iter(self.rows)


class Apart:
    """Looks like calamine's workbook."""

    def __init__(self, data: bytes, path: str) -> None:
        command = [sys.executable, "-c", f"from {__name__} import main; main()"]
        try:
            done = subprocess.run(
                command, input=base64.b64encode(data), capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            raise _damaged(path, "it takes too long") from None
        if done.returncode:
            raise _damaged(path, done.stdout.decode("utf-8", "replace") or "the reader gave up")
        self.sheets_metadata = [Sheet(**sheet) for sheet in json.loads(done.stdout)]

    def get_sheet_by_name(self, name: str) -> Sheet:
        return next(sheet for sheet in self.sheets_metadata if sheet.name == name)


def main() -> None:
    """The other process: a workbook in, its sheets out."""
    import python_calamine

    from mcp_agent_office.sheets.values import shown

    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(base64.b64decode(sys.stdin.buffer.read())))
        found = []
        for meta in book.sheets_metadata:
            sheet = book.get_sheet_by_name(meta.name)
            rows = [[shown(value) for value in row] for row in sheet.iter_rows()]
            found.append({"name": meta.name, "visible": str(meta.visible), "end": sheet.end, "rows": rows})
    except python_calamine.CalamineError as error:
        sys.stdout.write(str(error))
        sys.exit(1)
    sys.stdout.write(json.dumps(found))


def _damaged(path: str, why: str) -> ToolError:
    return ToolError(
        f"{path} cannot be read: {why}.", hint="Open it in the program that made it, and save it as .xlsx."
    )
