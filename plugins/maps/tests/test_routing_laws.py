"""Laws that routes obey: of turns, of the order of stops, of straightness."""

from __future__ import annotations

import itertools
from collections import defaultdict

from hypothesis import given, settings
from hypothesis import strategies as st
from mcp_agent_maps.routing.arcs import Arc
from mcp_agent_maps.routing.order import best_order, total
from mcp_agent_maps.routing.turns import states_of


@st.composite
def junctions(draw: st.DrawFn) -> tuple[list[Arc], frozenset[tuple[int, ...]]]:
    """A few streets between two junctions, so that rules overlap, and sequences of them that are forbidden."""
    arcs = []
    for number in range(1, draw(st.integers(1, 3)) + 1):
        a, b = draw(st.integers(0, 1)), draw(st.integers(0, 1))
        arcs.append(Arc(number, number, a, b, 1.0))
        if draw(st.booleans()):
            arcs.append(Arc(-number, number, b, a, 1.0))
    segments = st.sampled_from([arc.segment for arc in arcs])
    return arcs, frozenset(draw(st.sets(st.lists(segments, min_size=2, max_size=4).map(tuple), max_size=6)))


@settings(max_examples=400, deadline=None)
@given(junctions())
def test_the_walks_that_are_left_break_no_rule(
    world: tuple[list[Arc], frozenset[tuple[int, ...]]],
) -> None:
    arcs, rules = world
    places, steps = states_of(arcs, rules)
    plain = len({node for arc in arcs for node in (arc.tail, arc.head)})
    onward: dict[int, list[tuple[int, Arc]]] = defaultdict(list)
    for tail, head, arc in steps:
        assert places[tail] == arc.tail
        assert places[head] == arc.head
        onward[tail].append((head, arc))
    walks = [((), start) for start in range(plain)]
    for _ in range(5):
        walks = [((*walk, arc.segment), head) for walk, at in walks for head, arc in onward[at]]
        expected = {
            tuple(arc.segment for arc in walk)
            for walk in _chains(arcs, len(walks[0][0]) if walks else 0)
            if not any(_breaks(tuple(arc.segment for arc in walk), rule) for rule in rules)
        }
        if walks:
            assert {walk for walk, _ in walks} == expected
        if len(walks) > 3000:
            break


def _chains(arcs: list[Arc], length: int) -> list[tuple[Arc, ...]]:
    chains: list[tuple[Arc, ...]] = [(arc,) for arc in arcs]
    for _ in range(length - 1):
        chains = [(*chain, arc) for chain in chains for arc in arcs if arc.tail == chain[-1].head]
    return chains


def _breaks(walk: tuple[int, ...], rule: tuple[int, ...]) -> bool:
    return any(walk[at : at + len(rule)] == rule for at in range(len(walk) - len(rule) + 1))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=3, max_size=13, unique=True), st.booleans())
def test_an_order_visits_each_once_and_is_no_worse_than_the_nearest_next(
    spots: list[tuple[int, int]], free_end: bool
) -> None:
    seconds = [[abs(a - c) + abs(b - d) + 0.0 for c, d in spots] for a, b in spots]
    order, exact = best_order(seconds, free_end)
    assert sorted(order) == list(range(len(spots)))
    assert order[0] == 0
    assert free_end or order[-1] == len(spots) - 1
    left, greedy = set(range(1, len(spots) if free_end else len(spots) - 1)), [0]
    while left:
        greedy.append(min(left, key=lambda stop: seconds[greedy[-1]][stop]))
        left.remove(greedy[-1])
    assert total(seconds, order) <= total(seconds, [*greedy, *([] if free_end else [len(spots) - 1])]) + 1e-9
    if len(spots) <= 6:
        assert exact
        inner = range(1, len(spots) if free_end else len(spots) - 1)
        tail = () if free_end else (len(spots) - 1,)
        assert total(seconds, order) == min(total(seconds, (0, *way, *tail)) for way in itertools.permutations(inner))


def test_zigzag_is_straightened() -> None:
    """Always to the nearest would go there and back again, further each time."""
    spots = [0.0, 1, -1.1, 2.5, -4, 7, -11, 18, -29, 47, -76]
    seconds = [[abs(a - b) for b in spots] for a in spots]
    order, exact = best_order(seconds, free_end=True)
    assert not exact
    assert total(seconds, order) <= 47 + 47 + 76  # to one end, then to the other
