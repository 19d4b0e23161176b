"""Arguments that are mirrored into headers."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
import pytest

from mcp_agent import Field, PluginError, tool
from mcp_agent.schema.build import build_tool
from tests.schema.probe import tool_of


class Place(msgspec.Struct):
    region: Annotated[str, Field(header="Region")]


def test_an_argument_may_be_mirrored_into_a_header() -> None:
    assert tool_of(Annotated[str, Field(header="Tenant")]).headers == ((("x",), "Tenant"),)
    assert tool_of(Place).headers == ((("x", "region"), "Region"),)
    assert tool_of(Annotated[str, Field(header="Tenant")]).input_schema["properties"]["x"]["x-mcp-header"] == "Tenant"


@pytest.mark.parametrize("kind", [float, list[str], dict[str, str], Place])
def test_only_plain_values_can_be_headers(kind: Any) -> None:
    with pytest.raises(PluginError, match="probe: x cannot be a header"):
        tool_of(Annotated[kind, Field(header="X")])


@pytest.mark.parametrize("header", ["two words", "a:b", "ä", "a\nb"])
def test_a_header_has_a_name_that_http_takes(header: str) -> None:
    with pytest.raises(PluginError, match="is not a header name"):
        tool_of(Annotated[str, Field(header=header)])


def test_no_two_arguments_share_a_header() -> None:
    @tool(effect="read")
    async def probe(a: Annotated[str, Field(header="Same")], b: Annotated[str, Field(header="same")]) -> None:
        """Take two."""

    with pytest.raises(PluginError, match="two arguments have the same header"):
        build_tool(probe, "test")
