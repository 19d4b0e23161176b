"""Any sequence of writes and undos leaves what a model says."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mcp_agent import Host
from tests.undoing.shelves import on_shelves, there

PLACES, THINGS = ("top", "bottom"), ("vase", "lamp", None)

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("put"), st.sampled_from(PLACES), st.sampled_from(THINGS)),
        st.tuples(st.just("undo"), st.integers(0, 12)),
        st.tuples(st.just("last"), st.integers(1, 3)),
    ),
    max_size=15,
)


class Model:
    """What should be there. Each change is [place, before, after, what it undoes, whether it holds]."""

    def __init__(self) -> None:
        self.world: dict[str, str | None] = dict.fromkeys(PLACES)
        self.changes: list[list[Any]] = []

    def put(self, place: str, thing: str | None) -> None:
        if self.world[place] != thing:
            self.changes.append([place, self.world[place], thing, None, True])
            self.world[place] = thing

    def undo(self, index: int) -> bool:
        """False where it must be refused."""
        place, before, after, _, holds = self.changes[index]
        if not holds or self.world[place] not in (before, after):
            return False
        if self.world[place] != before:
            self.changes.append([place, after, before, index, True])
            self.world[place] = before
        chain: int | None = index
        while chain is not None:
            self.changes[chain][4] = holds = not holds
            chain = self.changes[chain][3]
        return True

    def last(self, count: int) -> bool:
        open_ = [at for at, change in enumerate(self.changes) if change[3] is None and change[4]]
        return all(self.undo(index) for index in open_[::-1][:count])


@settings(max_examples=20, deadline=None)
@given(STEPS)
def test_any_sequence_of_writes_and_undos_leaves_what_a_model_says(steps: list[tuple[Any, ...]]) -> None:
    async def work(host: Host) -> None:
        model, numbers = Model(), []  # numbers: the ids of the changes of the model
        for step in steps:
            made = len(model.changes)
            if step[0] == "put":
                model.put(step[1], step[2])
                tool, more = ("shelf_clear", {}) if step[2] is None else ("shelf_put", {"thing": step[2]})
                await host.call(tool, {"place": step[1], **more})
            elif step[0] == "undo":
                if step[1] >= made:
                    continue
                allowed = model.undo(step[1])
                assert ((await host.undo(change=numbers[step[1]])).stopped is None) is allowed
            elif any(change[3] is None and change[4] for change in model.changes):
                allowed = model.last(step[1])
                assert ((await host.undo(last=step[1])).stopped is None) is allowed
            known = await host._onion.journal._select("where true order by id")
            numbers = [row.id for row in known]
            assert [row.state == "done" for row in known] == [change[4] for change in model.changes]
            assert await there(host) == {place: thing for place, thing in model.world.items() if thing is not None}

    on_shelves(work)
