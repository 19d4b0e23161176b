"""Opening a deck."""

from __future__ import annotations

import io
import warnings
from typing import Any

from mcp_agent import ToolError
from mcp_agent_office.needs import need


def load(data: bytes, path: str) -> Any:
    """A deck of python-pptx, which keeps what it does not know. Raises ToolError."""
    pptx = need("pptx")
    errors = (need("pptx.exc").PythonPptxError, need("lxml.etree").XMLSyntaxError, KeyError, ValueError, AttributeError)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return pptx.Presentation(io.BytesIO(data))
        except errors as error:
            raise ToolError(f"{path} is no deck that can be read: {error}.") from None
