"""Questions as JSON lines in, outcomes as JSON lines out: one reply to each line, malformed or not.

Reads and writes what it is given; the values of an outcome are made in plain.py.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from knowledge.answer import ask
from knowledge.library import Library
from knowledge.plain import Labels, as_json

_LONGEST_LINE = 1_000_000
"""Characters a line of input may have; a longer one is malformed."""


def answer_lines(library: Library, labels: Labels, lines: Iterable[bytes], out: TextIO) -> None:
    """Nothing; the reply to each of *lines* is written to *out* as soon as it is known."""
    for line in lines:
        if not line.strip():
            continue
        try:
            request = _request(line)
        except ValueError as error:
            reply: dict[str, Any] = {"id": _id_of(line), "error": str(error)}
        else:
            outcome = ask(library, request["q"], request["context"])
            reply = {"id": request["id"], **as_json(library, labels, outcome)}
        out.write(json.dumps(reply, ensure_ascii=False) + "\n")
        out.flush()


def _request(line: bytes) -> dict[str, Any]:
    """The request in *line*; ValueError says what is wrong with it."""
    if len(line) > _LONGEST_LINE:
        raise ValueError(f"a line may have {_LONGEST_LINE} bytes")
    try:
        request = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(request, dict) or not isinstance(request.get("q"), str):
        raise ValueError('expected an object like {"id": "1", "q": "...", "context": []}')
    context = request.get("context") or []
    if not isinstance(context, list) or not all(isinstance(q, str) for q in context):
        raise ValueError('"context" is a list of earlier questions')
    checked = {"id": request.get("id"), "q": request["q"], "context": context}
    _writable(checked)
    return checked


def _id_of(line: bytes) -> Any:
    """The id in *line*, which is no request; None where it has none that can be given back."""
    try:
        found = json.loads(line[:_LONGEST_LINE])
        id_ = found.get("id") if isinstance(found, dict) else None
        _writable(id_)
    except (ValueError, RecursionError):
        return None
    return id_


def _writable(value: object) -> None:
    """Nothing; ValueError where no line of JSON in UTF-8 can give *value* back.

    Lone surrogates and NaN pass json.loads.
    """
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "strict")
