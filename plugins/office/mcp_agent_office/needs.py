"""Libraries that come with an extra: imported when they are needed, and named when they are missing."""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

from mcp_agent import ToolError

EXTRAS = {
    "openpyxl": "sheets",
    "python_calamine": "sheets",
    "duckdb": "parquet",
    "pptx": "slides",
    "docx": "text",
    "markdown_it": "text",
    "mdit_py_plugins": "text",
    "pypdfium2": "preview",
    "PIL": "preview",
}


def need(module: str) -> Any:
    """The module. Raises ToolError that says how to get it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        package = module.partition(".")[0]
        if error.name is None or error.name.partition(".")[0] != package:
            raise
        extra = EXTRAS[package]
        raise ToolError(
            f"This needs the library {package}, which is not installed.",
            hint=f"Install it beside mcp-agent: pip install 'mcp-agent-office[{extra}]'.",
        ) from None


def missing() -> list[str]:
    """The extras whose libraries are not all there."""
    found = importlib.util.find_spec
    return sorted({extra for package, extra in EXTRAS.items() if found(package) is None})
