"""Diagrams: nothing lies on anything else, every foreign key is drawn, and the picture shows it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mcp_agent_database.diagrams.layout import plan
from mcp_agent_database.diagrams.picture import png
from mcp_agent_database.engine import Field, Reference, Relation, Table
from PIL import Image as Pillow

from mcp_agent import Image
from mcp_agent.testing import host_for

MODULE = "mcp_agent_database"
NAMES = [f"t{number}" for number in range(12)]


def table(name: str, columns: int, points_to: Sequence[str]) -> Table:
    fields = [Field("id", "bigint", False, primary_key=True), *(Field(f"to_{one}", "bigint") for one in points_to)]
    fields += [Field(f"column_{number}", "text") for number in range(columns)]
    references = [Reference(name, [f"to_{one}"], one, ["id"]) for one in points_to]
    return Table(Relation(name, "table"), fields, references)


SCHEMAS = st.lists(st.sampled_from(NAMES), min_size=1, unique=True).flatmap(
    lambda names: st.tuples(*(
        st.builds(table, st.just(name), st.integers(0, 70), st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
        for name in names
    ))
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SCHEMAS, st.randoms())
def test_no_table_lies_on_another_and_every_key_is_drawn(tables: Sequence[Table], random: object) -> None:
    """With circles, tables that point to themselves, and keys to tables that are not shown."""
    made = plan(tables)
    assert sorted(box.name for box in made.boxes) == sorted(one.relation.name for one in tables)
    for one in made.boxes:
        for other in made.boxes:
            apart = one.top + one.height < other.top or other.top + other.height < one.top
            assert one is other or one.column != other.column or apart
    shown = {box.name: box for box in made.boxes}
    keys = {(one.table, one.to_table) for each in tables for one in each.references if one.to_table in shown}
    assert {(line.start, line.end) for line in made.lines} == keys
    for line in made.lines:
        row = shown[line.start].rows[line.row]
        assert row.name in (f"to_{line.end}", shown[line.start].rows[-1].name)
    assert set(plan(list(reversed(tables))).boxes) == set(made.boxes)


def test_what_is_pointed_to_stands_left() -> None:
    made = plan([table("orders", 1, ["customers"]), table("items", 1, ["orders"]), table("customers", 1, [])])
    assert [(box.name, box.column) for box in made.boxes] == [("customers", 0), ("orders", 1), ("items", 2)]


def test_a_picture_for_the_person() -> None:
    async def work() -> tuple[bytes, bytes]:
        async with host_for(MODULE) as host:
            pictures = []
            for like in ("", "customers"):
                call = {"connection": "example", "format": "png", "like": like}
                picture, said = (await host.call("db_erd", call)).content
                assert isinstance(picture, Image)
                assert said.text == ("1 tables." if like else "4 tables.")  # type: ignore[union-attr]
                pictures.append(picture.data)
            return pictures[0], pictures[1]

    all_of_it, one = map(drawn, asyncio.run(work()))
    assert all_of_it.width > 2 * one.width  # three ranks of tables
    titles = all_of_it.convert("RGB").getcolors(1_000_000)
    assert titles is not None
    assert len(titles) > 5
    wide = sum(count for count, color in titles if max(abs(a - b) for a, b in zip(color, (220, 230, 240))) < 8)  # type: ignore[arg-type]  # noqa: B905
    assert wide > 4 * 22 * 60  # four of them


def test_the_largest_that_is_drawn_is_a_picture_of_bounded_size() -> None:
    tables = [table(f"t{number}", 30, [f"t{number // 2}"] if number > 1 else []) for number in range(60)]
    written = png(tables)
    assert len(written) < 2_000_000
    assert drawn(written).width < 10_000


def drawn(data: bytes) -> Pillow.Image:
    image = Pillow.open(io.BytesIO(data))
    image.load()
    return image
