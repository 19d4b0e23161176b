"""What texts mean, as vectors to compare: word vectors from the wheel of wordllama, averaged over a text. No network.

The wheel's own code is not imported: with it come pydantic, requests and a hub client, and a third of a second. Its two
files are enough.
"""

from __future__ import annotations

import importlib.util
import json
import re
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors: TypeAlias = NDArray[np.float32]
else:
    Vectors: TypeAlias = Any

_WEIGHTS = "weights/l2_supercat_256.safetensors"
_TOKENIZER = "tokenizers/l2_supercat_tokenizer_config.json"
_LABEL = re.compile(r"^[^\W\d_][\w .'-]{0,30}:\s+(?=\S)")
"""Who speaks, at the beginning of a turn: a name says nothing of what is meant."""
_LONGEST = 512
"""Tokens of a text that count: the gist of a fact stands at its beginning."""


class TextVectors(Protocol):
    """Makes vectors of texts. ``name`` changes with whatever changes the vectors; ``size`` is a multiple of 64."""

    name: str
    size: int

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row of length one for each text; zeros for one without a known token."""


class WordVectors:
    """The 256-d weights, mapped into memory and read where a token needs them."""

    name = "wordllama-l2-256"
    size = 256

    def __init__(self, folder: Path) -> None:
        import numpy as np
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_LONGEST)
        path = folder / _WEIGHTS
        with path.open("rb") as file:
            header_size = struct.unpack("<Q", file.read(8))[0]
            [(_, tensor)] = [one for one in json.loads(file.read(header_size)).items() if one[0] != "__metadata__"]
        assert tensor["dtype"] == "F16"
        offset = 8 + header_size + tensor["data_offsets"][0]
        self._weights = np.memmap(path, np.float16, "r", offset, tuple(tensor["shape"]))

    def embed(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        said = [_LABEL.sub("", text) for text in texts]
        encoded = self._tokenizer.encode_batch(said, add_special_tokens=False)
        vectors = np.zeros((len(texts), self.size), np.float32)
        for row, one in enumerate(encoded):
            if one.ids:
                vectors[row] = self._weights[one.ids].astype(np.float32).mean(axis=0)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        normal: Vectors = vectors / np.maximum(lengths, 1e-9)
        return normal


def load_vectors() -> TextVectors | None:
    """None where the extra ``vectors`` is not installed: then words have to do."""
    found = importlib.util.find_spec("wordllama")
    needed = (importlib.util.find_spec(name) for name in ("numpy", "tokenizers"))
    if found is None or found.origin is None or not all(needed):
        return None
    folder = Path(found.origin).parent
    return WordVectors(folder) if (folder / _WEIGHTS).is_file() and (folder / _TOKENIZER).is_file() else None
