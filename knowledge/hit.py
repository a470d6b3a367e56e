"""A hit: a target that an index found for a question, its score and what stands behind it."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.documents import Target
from knowledge.wording import ALL_NEAR, Nearness


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A target, its score and what stands behind it.

    `score` is 0 to 1, the mean of `by_words` and `by_letters`, and of that and `by_meaning`;
    `text` is the stored phrasing that came nearest, `support` the mean score of the nearest three
    (as many as it has), `centroid` the cosine of meaning with the mean of all of them. `coverage`
    is the share of the question's weight that the target explains, `unexplained` the terms that it
    does not, heaviest first; `shared` and `unasked` are the same by the texts alone that lead to
    the target, without what it says. `focus` is the share of the text's weight that the question
    has, low where the text asks for something more special, and `added` what the text has beyond
    it.

    Of kinds of question, which say nothing (all alike) where `few` texts lead to the target:
    `unheard` is whether no text of the target asks for this kind of thing,
    though the question does; `alike` and `alike_support` are the score and support by those texts
    alone that ask for it (by those without a question word where the question has none);
    `same_kind` and `other_kind` are whether `text` asks for it, and for another one only.
    `nearness` is how near the words are, one by one, to those that lead to the target.
    """

    target: Target
    score: float
    text: str
    by_words: float
    by_letters: float
    by_meaning: float = 0.0
    support: float = 0.0
    centroid: float = 0.0
    coverage: float
    unexplained: tuple[str, ...]
    shared: float = 1.0
    unasked: tuple[str, ...] = ()
    focus: float = 1.0
    added: tuple[str, ...] = ()
    few: bool = False
    unheard: bool = False
    alike: float = 0.0
    alike_support: float = 0.0
    same_kind: bool = False
    other_kind: bool = False
    nearness: Nearness = ALL_NEAR
