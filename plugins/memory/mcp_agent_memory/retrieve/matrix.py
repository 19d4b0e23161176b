"""A vector for each fact, at the place of its number, in files that every process of a home maps into memory.

Beside the vectors stand their signs, 256 bits each: comparing those with a question is a pass over 32 bytes a fact, and
only the nearest are compared exactly. Rows are written at their place and never moved; the same text always gives the
same row, so two processes that write the same one do no harm, and what a crash left out is written again.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mcp_agent import Vectors

_NEAR = 512
"""Rows that are compared exactly, at least."""
_SAMPLED = 256
"""Rows whose mean stands for that of all."""
_SHRUNK = 50
"""Of few facts the mean says little: it counts in full only when there are many more than this."""

_BITS = 0x8FFF_E000 - (1 << 32)
"""Sign, exponent and mantissa of a half within an int32."""


class Matrix:
    """``folder`` None keeps it in memory. Safe to use from several threads."""

    def __init__(self, folder: Path | None, size: int) -> None:
        import numpy as np

        self._np = np
        self._size = size
        self._lock = threading.Lock()
        self._vectors = _Rows(folder and folder / "vectors.f16", np.float16, size)
        self._codes = _Rows(folder and folder / "vectors.signs", np.uint64, size // 64)

    @property
    def exists(self) -> bool:
        """False for one that was just made, or whose files somebody took away."""
        return self._vectors.there() and self._codes.there()

    def make(self) -> None:
        """Empty files, where there are none."""
        self._vectors.make()
        self._codes.make()

    def put(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Write the rows of these facts, which are in ascending order."""
        np = self._np
        codes = np.packbits(vectors > 0, axis=1, bitorder="little").view(np.uint64)
        with self._lock:
            for start, end in _runs(ids):
                self._vectors.write(ids[start], vectors[start:end].astype(np.float16))
                self._codes.write(ids[start], codes[start:end])

    def wipe(self, ids: Sequence[int]) -> None:
        """Overwrite the rows of facts that are gone."""
        there = sorted(fact_id for fact_id in ids if fact_id < self._vectors.count())
        if there:
            self.put(there, self._np.zeros((len(there), self._size), self._np.float32))

    def ask(self, vector: Any) -> Likeness:
        """How near facts are to a question."""
        with self._lock:
            return Likeness(self._vectors.mapped(), self._codes.mapped(), vector)


class Likeness:
    """Compares one question with facts, seen from the middle of all facts: what every sentence has in common says
    nothing. ``vectors`` and ``codes`` are those of the matrix."""

    def __init__(self, vectors: Any, codes: Any, vector: Any) -> None:
        import numpy as np

        self._np, self._vectors, self._codes, self._vector = np, vectors, codes, vector
        some = _widened(np, vectors[:: max(1, len(vectors) // _SAMPLED)])
        self._middle = some.sum(axis=0) / (len(some) + _SHRUNK)
        question = vector - self._middle
        self._question = question / max(float(np.linalg.norm(question)), 1e-9)

    def nearest(self, limit: int) -> list[tuple[int, float]]:
        """Numbers of facts and how near they are (cosine), the nearest first."""
        np, codes = self._np, self._codes
        if not len(codes):
            return []
        signs = np.packbits(self._vector > 0, bitorder="little").view(np.uint64)
        differing = np.bitwise_count(codes[:, 0] ^ signs[0]).astype(np.uint16)
        for word in range(1, codes.shape[1]):
            differing += np.bitwise_count(codes[:, word] ^ signs[word])
        close = max(_NEAR, limit)
        rows = np.arange(len(differing))
        if len(differing) > close:
            least = np.searchsorted(np.cumsum(np.bincount(differing)), close, side="right")
            rows = np.flatnonzero(differing <= least)[: 2 * close]
        rows = rows[rows < len(self._vectors)]
        near = self._compare(rows)
        best = np.lexsort((-rows, -near))[:limit]
        return [(int(rows[one]), float(near[one])) for one in best]

    def near(self, ids: Sequence[int]) -> dict[int, float]:
        """How near these facts are; 0 for one that has no row."""
        np = self._np
        rows = np.array([fact_id for fact_id in ids if fact_id < len(self._vectors)], np.int64)
        return dict.fromkeys(ids, 0.0) | dict(zip(rows.tolist(), self._compare(rows).tolist(), strict=True))

    def _compare(self, rows: Any) -> Any:
        np = self._np
        there = _widened(np, self._vectors[rows])
        written = there.any(axis=1)
        there -= self._middle
        lengths = np.sqrt(np.einsum("ij,ij->i", there, there))
        return np.where(written, there @ self._question / np.maximum(lengths, 1e-9), 0.0)


def _widened(np: Any, halves: Any) -> Any:
    """The same numbers as float32, all of them finite: seven times as fast as ``astype``.

    The bits are moved to their places. The exponent of a half counts from 15, that of a float32 from 127: what is
    between is multiplied back, which is exact.
    """
    bits = np.ascontiguousarray(halves).view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _BITS
    floats = bits.view(np.float32)
    floats *= 2.0 ** (127 - 15)
    return floats


class _Rows:
    """Rows of equal length in a file, or in memory."""

    def __init__(self, path: Path | None, kind: Any, width: int) -> None:
        import numpy as np

        self._np, self._path, self._kind, self._width = np, path, kind, width
        self._bytes = width * np.dtype(kind).itemsize
        self._rows: Any = np.zeros((0, width), kind)
        self._made = False

    def there(self) -> bool:
        return self._made if self._path is None else self._path.is_file()

    def make(self) -> None:
        self._made = True
        if self._path is not None:
            self._path.touch(mode=0o600)

    def count(self) -> int:
        if self._path is None:
            return len(self._rows)
        return self._path.stat().st_size // self._bytes if self._path.is_file() else 0

    def mapped(self) -> Any:
        """All rows, those included that another process has written since."""
        count = self.count()
        if self._path is not None and count != len(self._rows):
            shape = (count, self._width)
            np = self._np
            mapped = np.memmap(self._path, self._kind, "r", 0, shape) if count else np.zeros(shape, self._kind)
            self._rows = mapped.view(np.ndarray)
        return self._rows

    def write(self, first: int, rows: Any) -> None:
        if self._path is None:
            missing = first + len(rows) - len(self._rows)
            if missing > 0:
                more = self._np.zeros((missing + len(self._rows), self._width), self._kind)
                self._rows = self._np.concatenate([self._rows, more])
            self._rows[first : first + len(rows)] = rows
            return
        self.make()
        with self._path.open("r+b") as file:
            file.seek(first * self._bytes)
            file.write(rows.tobytes())


def _runs(ids: Sequence[int]) -> list[tuple[int, int]]:
    """Where numbers that follow each other begin and end."""
    runs: list[tuple[int, int]] = []
    start = 0
    for place in range(1, len(ids) + 1):
        if place == len(ids) or ids[place] != ids[place - 1] + 1:
            runs.append((start, place))
            start = place
    return runs
