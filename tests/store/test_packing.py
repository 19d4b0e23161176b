"""Results as bytes: what is unpacked is what was packed."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from mcp_agent.jsonio import encode
from mcp_agent.model import Annotations, Audio, Embedded, Image, ResourceContents, ResourceLink, Text, ToolResult
from mcp_agent.store.packing import pack, unpack

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=8,
)  # fmt: skip

WORDS = st.text(st.characters(codec="utf-8"), max_size=20)

CONTENT = st.one_of(
    st.builds(Text, text=WORDS, annotations=st.none() | st.builds(Annotations, audience=st.just(("user",)))),
    st.builds(Image, data=st.binary(), mime_type=WORDS),
    st.builds(Audio, data=st.binary(), mime_type=WORDS),
    st.builds(ResourceLink, uri=WORDS, name=WORDS, size=st.none() | st.integers(0, 2**40)),
    st.builds(
        Embedded, resource=st.builds(ResourceContents, uri=WORDS, blob=st.none() | st.binary(), text=st.none() | WORDS)
    ),
)

RESULTS = st.builds(
    ToolResult,
    content=st.lists(CONTENT, max_size=4).map(tuple),
    structured=st.just(UNSET) | JSON,
    is_error=st.booleans(),
    meta=st.none() | st.dictionaries(WORDS, JSON, max_size=2),
)


@given(RESULTS, st.booleans())
def test_a_result_is_the_same_after_packing(result: ToolResult, ready: bool) -> None:
    if ready and result.structured is not UNSET:
        result = msgspec.structs.replace(result, structured=msgspec.Raw(encode(result.structured)))
    packed = pack(result)
    assert packed is not None
    again = unpack(packed)
    assert (again.content, again.is_error, again.meta) == (result.content, result.is_error, result.meta)
    assert type(again.structured) is type(result.structured)
    if ready and result.structured is not UNSET:
        assert bytes(again.structured) == bytes(result.structured)
    else:
        assert again == result
