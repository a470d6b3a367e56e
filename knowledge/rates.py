"""How good a briefing was found to be: the entry of `measured.yaml`, its seal, its reading.

Pure. The file is written by a machine and believed only while its seal is whole: a sha256 of the
content that was measured and of every figure beside it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from knowledge.judge import Judged, Verdict, answerable
from knowledge.outcomes import Answered
from knowledge.records import Record
from knowledge.tally import Measured, Tally

COMMAND = "python -m knowledge eval --write"
"""What writes the file anew."""
_HEAD = f"# Written by `{COMMAND}`, not by hand: an edited file counts as not measured.\n"
_MODES = {"with": True, "without": False}
"""The modes by their names in the file: with the semantic extra, and without."""
_VERDICTS = tuple(verdict.value for verdict in Verdict)
_COUNTS = (
    "judgements",
    *(f"{group}_{verdict}" for group in ("known", "open") for verdict in _VERDICTS),
    "false_answers",
)
_RATES = ("false_rate", "miss_rate")
KEYS = ("mode", *_COUNTS, *_RATES, "thresholds", "sha256")
"""The keys of an entry, in the order of the file. The rates say again what the counts say."""


def measure(judged: Sequence[Judged], *, meaning: bool, thresholds: Sequence[str]) -> Measured:
    """What *judged* comes to; see `Measured`."""
    known = [j for j in judged if answerable(j.judgement)]
    rest = [j for j in judged if not answerable(j.judgement)]
    return Measured(
        meaning=meaning,
        known=_tally(known),
        open=_tally(rest),
        false_answers=sum(
            j.verdict is Verdict.WRONG and isinstance(j.outcome, Answered) for j in rest
        ),
        thresholds=tuple(thresholds),
    )


def _tally(judged: Sequence[Judged]) -> Tally:
    return Tally(**{v.value: sum(j.verdict is v for j in judged) for v in Verdict})


def fingerprint(files: Iterable[tuple[str, bytes]]) -> str:
    """The sha256, in hex, of *files* by name; no two sets of files are taken for one another."""
    whole = hashlib.sha256()
    for name, data in files:
        whole.update(f"{name} {len(data)}\n".encode())
        whole.update(data)
    return whole.hexdigest()


def written(measured: Iterable[Measured], content: str) -> str:
    """The text of `measured.yaml`; *content* is the fingerprint of what was measured."""
    lines = [_HEAD, "measured:\n"]
    for entry in measured:
        texts = _texts(entry)
        lines.append(f'  - mode: "{texts.pop("mode")}"\n')
        lines += (f'    {key}: "{text}"\n' for key, text in texts.items())
        lines.append("    thresholds:\n")
        lines += (f'      - "{threshold}"\n' for threshold in entry.thresholds)
        lines.append(f'    sha256: "{_seal(_texts(entry), entry.thresholds, content)}"\n')
    return "".join(lines)


def _texts(entry: Measured) -> dict[str, str]:
    """What stands in the file for *entry*, by key; its thresholds and its seal left out."""
    groups = {"known": entry.known, "open": entry.open}
    return {
        "mode": "with" if entry.meaning else "without",
        "judgements": f"{entry.judgements}",
        **{f"{g}_{v}": f"{getattr(tally, v)}" for g, tally in groups.items() for v in _VERDICTS},
        "false_answers": f"{entry.false_answers}",
        **{rate: f"{getattr(entry, rate):.4f}" for rate in _RATES},
    }


def _seal(texts: Mapping[str, str], thresholds: Sequence[str], content: str) -> str:
    lines = [content, *(f"{key} {text}" for key, text in texts.items()), *thresholds]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def read(record: Record, content: str) -> Measured | None:
    """The entry of *record*; None if it is malformed (reported), edited or of other content."""
    texts = {key: record.text(key) for key in ("mode", *_COUNTS, *_RATES)}
    thresholds = record.texts("thresholds")
    seal = record.text("sha256")
    if texts["mode"] and texts["mode"] not in _MODES:
        record.fail("mode", f"mode {texts['mode']!r} is none of {', '.join(_MODES)}")
    counts: dict[str, int] = {}
    for key in _COUNTS:
        if texts[key].isdecimal() and texts[key].isascii() and len(texts[key]) < 10:
            counts[key] = int(texts[key])
        elif texts[key]:
            record.fail(key, f"{key} {texts[key]!r} is no count")
    if record.broken:
        return None
    try:
        found = _measured(_MODES[texts["mode"]], counts, thresholds)
    except ValueError as error:
        record.fail("", f"the figures cannot be: {error}")
        return None
    return found if seal == _seal(texts, thresholds, content) else None


def _measured(meaning: bool, counts: Mapping[str, int], thresholds: Sequence[str]) -> Measured:
    known, rest = (
        Tally(**{v: counts[f"{group}_{v}"] for v in _VERDICTS}) for group in ("known", "open")
    )
    return Measured(
        meaning=meaning,
        known=known,
        open=rest,
        false_answers=counts["false_answers"],
        thresholds=tuple(thresholds),
    )


def merged(new: Iterable[Measured], old: Iterable[Measured]) -> tuple[Measured, ...]:
    """*new* and, of *old*, the modes that *new* lacks; without the extra first."""
    by_mode = {entry.meaning: entry for entry in (*old, *new)}
    return tuple(by_mode[mode] for mode in sorted(by_mode))


def figures(entry: Measured) -> dict[str, str]:
    """The figures of *entry* for a sentence: numbers, and shares in whole percent."""

    def percent(share: float) -> str:
        return f"{100 * share:.0f}"

    return {
        "questions": f"{entry.judgements}",
        "open": f"{entry.open.count}",
        "false": f"{entry.false_answers}",
        "false_share": percent(entry.false_rate),
        "known": f"{entry.known.count}",
        "missed": f"{entry.unserved}",
        "missed_share": percent(entry.miss_rate),
        "half": f"{entry.known.half}",
        "half_share": percent(entry.known.share(entry.known.half)),
    }
