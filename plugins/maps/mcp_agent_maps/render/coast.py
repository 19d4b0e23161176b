"""The sea: coastlines are open lines with land on their left, and the sea is what they leave over of a frame."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from mcp_agent_maps.geometry import Point
from mcp_agent_maps.render.canvas import Canvas, Pixel
from mcp_agent_maps.render.style import Colour

Line = list[Pixel]


def joined(lines: Sequence[Sequence[Point]]) -> list[list[Point]]:
    """Coastlines put together where one ends and the next begins."""
    by_start = {line[0]: list(line) for line in lines if line[0] != line[-1]}
    whole = [list(line) for line in lines if line[0] == line[-1]]
    ends = {line[-1] for line in by_start.values()}
    for start in [start for start in by_start if start not in ends] + list(by_start):
        chain = by_start.pop(start, None)
        if chain is None:
            continue
        while chain[-1] in by_start:
            chain += by_start.pop(chain[-1])[1:]
        whole.append(chain)
    return whole


class Frame(NamedTuple):
    """What is filled, in pixels: not more than the extract knows of."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def corners(self) -> list[Pixel]:
        return [(self.left, self.top), (self.right, self.top), (self.right, self.bottom), (self.left, self.bottom)]

    def holds(self, line: Line) -> bool:
        return all(self.left <= x <= self.right and self.top <= y <= self.bottom for x, y in line)

    def part_inside(self, a: Pixel, b: Pixel) -> tuple[Pixel, Pixel] | None:
        """Liang and Barsky's clipping of a straight line."""
        dx, dy = b[0] - a[0], b[1] - a[1]
        low, high = 0.0, 1.0
        rooms = ((-dx, a[0] - self.left), (dx, self.right - a[0]), (-dy, a[1] - self.top), (dy, self.bottom - a[1]))
        for step, room in rooms:
            if step == 0:
                if room < 0:
                    return None
            elif step < 0:
                low = max(low, room / step)
            else:
                high = min(high, room / step)
        if low > high:
            return None
        first = a if low == 0 else (a[0] + dx * low, a[1] + dy * low)
        return first, b if high == 1 else (a[0] + dx * high, a[1] + dy * high)

    def to_edge(self, at: Pixel) -> Pixel:
        """The nearest point of the edge."""
        x, y = at
        sides = (
            (x - self.left, (self.left, y)), (self.right - x, (self.right, y)),
            (y - self.top, (x, self.top)), (self.bottom - y, (x, self.bottom)),
        )  # fmt: skip
        return min(sides)[1]

    def along_edge(self, at: Pixel) -> float:
        """How far clockwise from the top left corner, each side counting one."""
        x, y = (at[0] - self.left) / (self.right - self.left), (at[1] - self.top) / (self.bottom - self.top)
        sides = ((abs(y), x), (abs(x - 1), 1 + y), (abs(y - 1), 3 - x), (abs(x), 4 - y))
        return min(sides)[1] % 4


def draw_sea(canvas: Canvas, frame: Frame, lines: Sequence[Sequence[Point]], water: Colour, land: Colour) -> None:
    """Fill the sea within the frame. Without a coastline there is none."""
    chains = [canvas.pixels(chain) for chain in joined(lines)]
    islands = [chain for chain in chains if chain[0] == chain[-1] and frame.holds(chain)]
    pieces = [piece for chain in chains if chain not in islands for piece in _clipped(frame, chain)]
    for ring in _closed(frame, pieces):
        canvas.area(ring, [], water)
    for ring in islands:
        canvas.area(ring, [], land if _turns_left(ring) else water)


def _clipped(frame: Frame, line: Line) -> list[Line]:
    """The parts in the frame, each from edge to edge: one that ends in the middle goes on to the nearest edge."""
    pieces: list[Line] = []
    for a, b in pairwise(line):
        part = frame.part_inside(a, b)
        if part is None:
            continue
        if pieces and pieces[-1][-1] == part[0]:
            pieces[-1].append(part[1])
        else:
            pieces.append(list(part))
    return [[frame.to_edge(piece[0]), *piece, frame.to_edge(piece[-1])] for piece in pieces]


def _closed(frame: Frame, pieces: list[Line]) -> list[Line]:
    """Rings of sea: along a coast, then clockwise along the edge to where the next coast begins."""
    left = list(pieces)
    rings: list[Line] = []
    while left:
        ring = list(left.pop(0))
        begin = frame.along_edge(ring[0])
        while True:
            at = frame.along_edge(ring[-1])
            following = min(left, key=lambda piece: _ahead(at, frame.along_edge(piece[0])), default=None)
            home = _ahead(at, begin) or 4.0
            until = home if following is None else min(home, _ahead(at, frame.along_edge(following[0])))
            turned = sorted((_ahead(at, number), corner) for number, corner in enumerate(frame.corners))
            ring += [corner for far, corner in turned if 0 < far < until]
            if following is None or until == home:
                break
            left.remove(following)
            ring += following
        rings.append(ring)
    return rings


def _ahead(at: float, place: float) -> float:
    """How far it is from one to the other along the edge, clockwise."""
    return (place - at) % 4


def _turns_left(ring: Line) -> bool:
    """Counterclockwise as one sees it: land inside."""
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in itertools.pairwise(ring)) < 0
