"""The matrix of meaning finds what a plain comparison of all vectors finds."""

from __future__ import annotations

import numpy as np
import pytest
from mcp_agent_memory.retrieve.matrix import Matrix, _widened

_SIZE = 256


def _cosines(vectors, question):
    middle = vectors[:: max(1, len(vectors) // 256)].astype(np.float64)
    middle = middle.sum(axis=0) / (len(middle) + 50)
    there, asked = vectors.astype(np.float64) - middle, question - middle
    return there @ asked / np.linalg.norm(there, axis=1) / np.linalg.norm(asked)


def test_every_finite_half_is_widened_exactly():
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16)
    halves = halves[np.isfinite(halves)]
    assert np.array_equal(_widened(np, halves), halves.astype(np.float32))


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("count", [3, 40, 700, 3_000])
def test_the_nearest_are_those_of_a_plain_comparison(tmp_path, count, kept):
    chance = np.random.default_rng(count)
    vectors = chance.normal(size=(count, _SIZE)).astype(np.float16)
    question = (vectors[count // 2].astype(np.float32) + chance.normal(size=_SIZE)).astype(np.float32)
    matrix = Matrix(tmp_path if kept else None, _SIZE)
    matrix.put(range(count), vectors.astype(np.float32))
    likeness = matrix.ask(question)
    expected = _cosines(vectors, question)

    assert likeness.near(range(count)) == pytest.approx(dict(enumerate(expected.tolist())), abs=1e-5)
    found = likeness.nearest(10)
    assert found[0][0] == count // 2
    assert [near for _, near in found] == sorted((near for _, near in found), reverse=True)
    assert dict(found) == pytest.approx({number: expected[number] for number, _ in found}, abs=1e-5)
    if count <= 512:  # compared one by one, all of them
        assert [number for number, _ in found] == np.argsort(-expected)[:10].tolist()


def test_the_signs_pick_at_least_as_many_as_are_wanted():
    """Ties at the edge are taken too, and as few beyond as there are."""
    vectors = np.ones((2_000, _SIZE), np.float32)
    vectors[:600, 0] = -1
    matrix = Matrix(None, _SIZE)
    matrix.put(range(2_000), vectors)
    question = np.ones(_SIZE, np.float32)
    question[0] = -1
    assert {number for number, _ in matrix.ask(question).nearest(600)} == set(range(600))
