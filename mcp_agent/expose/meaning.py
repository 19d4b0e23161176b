"""How near a request is in meaning to what is said of things."""

from __future__ import annotations

from collections.abc import Sequence

from mcp_agent.vectors import TextVectors, Vectors, load_vectors


class Meaning:
    """Of some things, each with a few texts. Blocks: ask it in a thread. Everything is as near as everything else where
    there are no vectors."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._count = len(texts)
        self._model: TextVectors | None = load_vectors() if texts else None
        if self._model is None:
            return
        import numpy as np

        vectors = self._model.embed([text for of_one in texts for text in of_one])
        self._middle = vectors.mean(axis=0)
        self._vectors = _normal(vectors - self._middle)
        ends = np.cumsum([len(of_one) for of_one in texts])
        self._spans = list(zip([0, *ends[:-1].tolist()], ends.tolist(), strict=True))

    def of(self, request: str) -> list[tuple[float, float]]:
        """For each thing the cosine of its nearest text, and the mean of its nearest two: -1.0 to 1.0."""
        if self._model is None:
            return [(0.0, 0.0)] * self._count
        similar = self._vectors @ _normal(self._model.embed([request])[0] - self._middle)
        found = []
        for start, end in self._spans:
            nearest = sorted(similar[start:end].tolist(), reverse=True)[:2]
            found.append((nearest[0], sum(nearest) / len(nearest)))
        return found


def _normal(vectors: Vectors) -> Vectors:
    import numpy as np

    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    normal: Vectors = vectors / np.maximum(lengths, 1e-9)
    return normal
