"""Forbidden turns, and the vertices that keep to them.

A rule is a sequence of arcs that nobody may travel in a row. A state is what has to be remembered of where somebody
came from: the longest beginning of a rule that they have just travelled, or only the junction they are at.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mcp_agent_maps.extract.reader import Extract
from mcp_agent_maps.routing.arcs import Arc
from mcp_agent_maps.routing.profiles import Mode

_LONGEST_VIA = 12
"""Arcs along the ways between the two ends of a rule; more is a mistake in the data."""

Rules = frozenset[tuple[int, ...]]
"""Sequences of signed segments."""


def read_rules(extract: Extract, mode: Mode, arcs: Sequence[Arc]) -> Rules:
    """What the restrictions of the data forbid, and for a car turning round where the road goes on."""
    leaving: dict[int, list[Arc]] = defaultdict(list)
    of_way: dict[int, list[Arc]] = defaultdict(list)
    for arc in arcs:
        leaving[arc.tail].append(arc)
        of_way[arc.way].append(arc)
    rules: set[tuple[int, ...]] = set()
    statement = "select only_this, begin, via, finish from turns where instr(profiles, ?)"
    for only, begin, via, finish in extract.rows(statement, (mode,)):
        for chain in _chains(of_way, begin, via.split(), finish):
            rules.update(_only(chain, leaving) if only else [tuple(arc.segment for arc in chain)])
    if mode == "car":
        rules.update(_turning_round(arcs, leaving))
    return frozenset(rules)


def _chains(of_way: Mapping[int, list[Arc]], begin: int, via: Sequence[str], finish: int) -> Iterator[list[Arc]]:
    """The arcs that a restriction is about, from its first way to its last."""
    through = [arc for part in via if part[0] == "w" for arc in of_way.get(int(part[1:]), ())]
    nodes = {int(part[1:]) for part in via if part[0] == "n"}
    for first in of_way.get(begin, ()):
        if nodes:
            if first.head in nodes:
                yield from ([first, last] for last in of_way.get(finish, ()) if last.tail == first.head)
        else:
            yield from _through(first, through, of_way.get(finish, ()))


def _through(first: Arc, via: Sequence[Arc], finish: Sequence[Arc]) -> Iterator[list[Arc]]:
    """Along ways: each time it is the shortest chain of their arcs that leads to the last way."""
    waiting = [[first, arc] for arc in via if arc.tail == first.head]
    for _ in range(_LONGEST_VIA):
        ended = [[*chain, last] for chain in waiting for last in finish if last.tail == chain[-1].head]
        ended = [chain for chain in ended if chain[-1].segment != -chain[-2].segment]
        if ended:
            yield from ended
            return
        waiting = [
            [*chain, arc]
            for chain in waiting
            for arc in via
            if arc.tail == chain[-1].head and all(abs(arc.segment) != abs(old.segment) for old in chain)
        ]


def _only(chain: Sequence[Arc], leaving: Mapping[int, list[Arc]]) -> Iterator[tuple[int, ...]]:
    """Whoever is on the chain must go on with it: everything else is forbidden at each step."""
    for length in range(1, len(chain)):
        travelled = tuple(arc.segment for arc in chain[:length])
        for other in leaving[chain[length - 1].head]:
            if other.segment != chain[length].segment:
                yield (*travelled, other.segment)


def _turning_round(arcs: Iterable[Arc], leaving: Mapping[int, list[Arc]]) -> Iterator[tuple[int, ...]]:
    """A car turns round only where the road ends."""
    for arc in arcs:
        onward = [other.segment for other in leaving[arc.head]]
        if -arc.segment in onward and len(onward) > 1:
            yield (arc.segment, -arc.segment)


def states_of(arcs: Sequence[Arc], rules: Rules) -> tuple[list[int], list[tuple[int, int, Arc]]]:
    """(the junction of each vertex, (vertex, vertex, arc) for each way on): every walk over them breaks no rule."""
    by_segment = {arc.segment: arc for arc in arcs}
    beginnings = {rule[:length] for rule in rules for length in range(1, len(rule))}
    known = [begun for begun in sorted(beginnings) if all(segment in by_segment for segment in begun)]
    plain = {node: number for number, node in enumerate(dict.fromkeys(n for arc in arcs for n in (arc.tail, arc.head)))}
    remembered = {begun: len(plain) + number for number, begun in enumerate(known)}
    usual = {arc.segment: remembered.get((arc.segment,), plain[arc.head]) for arc in arcs}
    special = _followers(rules, remembered)
    leaving: dict[int, list[Arc]] = defaultdict(list)
    for arc in arcs:
        leaving[arc.tail].append(arc)

    def after(begun: tuple[int, ...], arc: Arc) -> int | None:
        """The vertex that the arc leads to for somebody who has just travelled this; None where that is forbidden."""
        travelled = (*begun, arc.segment)
        ends = [travelled[start:] for start in range(len(travelled))]
        if any(end in rules for end in ends):
            return None
        return next((remembered[end] for end in ends if end in remembered), plain[arc.head])

    steps = [(number, usual[arc.segment], arc) for node, number in plain.items() for arc in leaving[node]]
    for begun, number in remembered.items():
        careful = {segment for start in range(len(begun)) for segment in special.get(begun[start:], ())}
        for arc in leaving[by_segment[begun[-1]].head]:
            head = after(begun, arc) if arc.segment in careful else usual[arc.segment]
            if head is not None:
                steps.append((number, head, arc))
    return [*plain, *(by_segment[begun[-1]].head for begun in known)], steps


def _followers(rules: Rules, remembered: Iterable[tuple[int, ...]]) -> dict[tuple[int, ...], set[int]]:
    """After which arcs in a row which further one is not as usual: most are, and need not be looked at closely."""
    found: dict[tuple[int, ...], set[int]] = defaultdict(set)
    for sequence in (*rules, *remembered):
        if len(sequence) > 1:
            found[sequence[:-1]].add(sequence[-1])
    return found
