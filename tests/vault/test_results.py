"""What a call gave is clean before anybody keeps it."""

from __future__ import annotations

import msgspec
import pytest

from mcp_agent.errors import ToolError
from mcp_agent.model import Content, Embedded, Image, ResourceContents, ResourceLink, Text, ToolResult
from mcp_agent.vault.redact import Redactor
from mcp_agent.vault.results import clean_error, clean_result
from mcp_agent.vault.secret import Secret

VALUE = "hunter2-hunter2"


@pytest.fixture
def redactor() -> Redactor:
    made = Redactor()
    made.add(Secret(VALUE))
    return made


@pytest.mark.parametrize(
    ("block", "clean"),
    [
        (Text(text=f"a {VALUE}"), Text(text="a ***")),
        (Image(data=b"PNG" + VALUE.encode(), mime_type="image/png"), Text(text="***")),
        (ResourceLink(uri=f"x://{VALUE}", name="n"), ResourceLink(uri="x://***", name="n")),
        (
            Embedded(resource=ResourceContents(uri="x:", text=VALUE)),
            Embedded(resource=ResourceContents(uri="x:", text="***")),
        ),
    ],
)
def test_every_kind_of_content_is_cleaned(redactor: Redactor, block: Content, clean: Content) -> None:
    result = clean_result(redactor, ToolResult(content=(Text(text="kept"), block), is_error=True))
    assert result == ToolResult(content=(Text(text="kept"), clean), is_error=True)


def test_data_is_cleaned_ready_made_or_not(redactor: Redactor) -> None:
    for structured in ({"a": [VALUE, 1]}, msgspec.Raw(msgspec.json.encode({"a": [VALUE, 1]}))):
        result = clean_result(redactor, ToolResult(structured=structured, meta={"m": VALUE}))
        assert result.data == {"a": ["***", 1]}
        assert result.meta == {"m": "***"}


def test_a_result_without_secrets_is_the_same(redactor: Redactor) -> None:
    result = ToolResult(content=(Text(text="kept"),), structured=msgspec.Raw(b'{"a":1}'), meta={"m": 1})
    assert clean_result(redactor, result) is result
    dirty = ToolResult(content=(Text(text=VALUE),))
    assert clean_result(Redactor(), dirty) is dirty


def test_an_error_is_cleaned_in_place(redactor: Redactor) -> None:
    error = ToolError(f"The token {VALUE} was refused.", hint=f"Replace {VALUE}.")
    clean_error(redactor, error)
    assert (str(error), error.hint) == ("The token *** was refused. Replace ***.", "Replace ***.")
