"""The best order of stops: the travelling salesman's question for a handful of stops."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, pairwise, permutations

_EXACT = 8
"""Up to so many stops between the ends every order is weighed."""

Seconds = Sequence[Sequence[float]]


def best_order(seconds: Seconds, free_end: bool) -> tuple[list[int], bool]:
    """The order of all places that begins with the first and ends with the last, unless the end is free.

    ``seconds[a][b]`` from a to b, infinite where there is no way. Says whether no order is quicker for sure.
    """
    last = len(seconds) - 1
    between = list(range(1, last + 1 if free_end else last))
    tail = [] if free_end else [last]
    if len(between) <= _EXACT:
        orders = ([0, *order, *tail] for order in permutations(between))
        return min(orders, key=lambda order: total(seconds, order)), True
    return _improved(seconds, _greedy(seconds, between, tail), len(tail)), False


def total(seconds: Seconds, order: Sequence[int]) -> float:
    return sum(seconds[a][b] for a, b in pairwise(order))


def _greedy(seconds: Seconds, between: Sequence[int], tail: Sequence[int]) -> list[int]:
    """Always to the nearest that is left."""
    left, order = set(between), [0]
    while left:
        order.append(min(left, key=lambda stop: (seconds[order[-1]][stop], stop)))
        left.remove(order[-1])
    return [*order, *tail]


def _improved(seconds: Seconds, order: list[int], fixed: int) -> list[int]:
    """Parts are turned round, and single stops moved, for as long as that helps."""
    best = total(seconds, order)
    improved = True
    while improved and not math.isnan(best):
        improved = False
        for first, second in combinations(range(1, len(order) - fixed), 2):
            turned = [*order[:first], *order[first : second + 1][::-1], *order[second + 1 :]]
            moved = [*order[:first], *order[first + 1 : second + 1], order[first], *order[second + 1 :]]
            for other in (turned, moved):
                if total(seconds, other) < best - 1e-6:
                    order, best, improved = other, total(seconds, other), True
    return order
