"""Candidates and scores: which stored phrasings are nearest to a question. It never decides.

tantivy finds the candidates by their terms, the encoder, if there is one, by their meaning. The
mean of the cosines of words and of letters ranks them, with an encoder the mean of that and the
cosine of meaning: the plain means that beat rank fusion on every public set tried. A score
compares within this index only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise

import numpy as np

from knowledge.candidates import Candidates
from knowledge.cosines import ASKS, BESIDE, Cosines, Letters, Lists, Words
from knowledge.documents import Target, documents, texts_to
from knowledge.hit import Hit
from knowledge.kinds import asks
from knowledge.meaning import Encoder
from knowledge.model import Briefing, Gap, QAPair
from knowledge.phrasings import Phrasings
from knowledge.question import Question
from knowledge.shares import Share, Shares
from knowledge.sparse import Floats, Ints, Rows, among, spans
from knowledge.spelling import rarity
from knowledge.summaries import Scored, Summary, bits_of, in_order, summaries
from knowledge.text import fold, stem
from knowledge.understanding import Understanding
from knowledge.vectors import Vectors, centroids
from knowledge.wording import ALL_NEAR, MOST_WORDS, Nearness, Wording

_CANDIDATES = 120
"""Texts that share terms and go to the ranking. Recall of the right text among 50 was .995 on
277,000 stored questions; small stores have more twins, hence more."""
_NEAR_IN_MEANING = 50
"""Texts near in meaning that go to the ranking: recall@5 of the encoder alone is over .9."""
_FAR = 0.4
"""How far a text may score behind the best: none of the targets that won 2 % or more of 300
questions to a store with many twins did. In an archive two thirds of the nearest 30 are farther."""
_RIVALS = 6
"""Targets that compete, if there are so many, however far behind."""
_LITTLE = 2
"""Terms up to which a question leans on the sentences before it ("What was it about?")."""
_BACKGROUND_FOR_LITTLE = 0.6
_MEANING = 0.55
"""Share of meaning in the score; a half to two thirds do about as well on public sets."""
_BACKGROUND = 0.3
"""Weight of a term that stands in a sentence that does not ask."""


class _Numbers(dict[str, int]):
    """The numbers of terms, counted from 0; what is asked for and new gets the next."""

    def __missing__(self, term: str) -> int:
        self[term] = number = len(self)
        return number


class Index:
    """All stored texts of a library, searchable by a question."""

    def __init__(
        self,
        briefings: Sequence[Briefing],
        understanding: Understanding,
        encoder: Encoder | None = None,
    ) -> None:
        self.encoder = encoder
        self._targets: list[Target] = []
        numbers = _Numbers()
        self._letters = Letters()
        self.phrasings = Phrasings()
        self._wording = Wording()
        kinds: list[int] = []
        known, terms, asked = Lists(), Lists(), Lists()
        first = [0]
        vectors: list[Floats] = []
        for briefing in briefings:
            raw: list[str] = []
            for target, texts, told, present in documents(briefing):
                self._targets.append(target)
                explained = (*(f"@{e}" for e in sorted(present)), *understanding.terms(told)[0])
                known.add(map(numbers.__getitem__, dict.fromkeys(explained)))
                if isinstance(target, QAPair | Gap):
                    self.phrasings.add(target)
                leading: list[str] = []
                for text in texts:
                    found, mentions = understanding.terms(text)
                    terms.add(map(numbers.__getitem__, found))
                    asking_words = asks(text)
                    asked.add(map(numbers.__getitem__, asking_words))
                    kinds.append(bits_of(asking_words))
                    if encoder is not None:
                        leading += understanding.plain(text, mentions)
                self._wording.add(leading)
                self._letters.add(map(fold, texts))
                first.append(first[-1] + len(texts))
                if encoder is not None:
                    raw.extend(texts)
            if encoder is not None:
                vectors.append(encoder.stored(raw))
        self._letters.done()
        self.phrasings.done()
        if encoder is not None:
            self._wording.done(encoder)
        self._kinds = np.array(kinds, dtype=np.uint16)
        self._numbers = dict(numbers)
        names = tuple(numbers)
        self._first = np.array(first, dtype=np.int64)
        self._of_text = np.repeat(
            np.arange(len(self._targets), dtype=np.int32), np.diff(self._first)
        )
        sequence = terms.packed()
        asking = [number for term, number in numbers.items() if term[0] == "?"]
        self._words = Words(sequence, asked.packed(), len(names), asking)
        self._shares = Shares(self._numbers, self._words, known.packed(), sequence, self._first)
        self._vectors: Vectors | None = None
        self._centroids: Vectors | None = None
        if vectors:
            together = _together(vectors)
            self._vectors = Vectors(together)
            self._centroids = Vectors(centroids(together, self._first))
        self._candidates = Candidates(_named(sequence, names))

    def _text(self, row: int) -> str:
        """The stored text of that number, folded."""
        target = int(self._of_text[row])
        return fold(texts_to(self._targets[target])[row - int(self._first[target])])

    def weight(self, term: str) -> float:
        """How much *term* tells: its inverse document frequency; its rarity if no text has it."""
        number = self._numbers.get(term)
        return (self._words.rare(number) if number is not None else 0.0) or rarity(term)

    def knows(self, term: str) -> bool:
        """Whether any stored text holds *term*."""
        number = self._numbers.get(term)
        return number is not None and self._words.rare(number) > 0

    def nearest_in_meaning(self, text: str) -> float:
        """The highest cosine of meaning of any stored text with *text*; 0 without an encoder."""
        if self.encoder is None or self._vectors is None:
            return 0.0
        return self._vectors.best(self.encoder.encode([text])[0])

    def search(
        self, question: Question, limit: int = 12, *, leave_out: str = ""
    ) -> tuple[Hit, ...]:
        """The nearest targets, best first, each once; ties in the order of the store.

        Stored texts that are *leave_out*, folded, do not count: what if it were not stored?
        """
        little = len(question.terms) <= _LITTLE
        weight = _BACKGROUND_FOR_LITTLE if little else _BACKGROUND
        asked = dict.fromkeys(question.background, weight) | dict.fromkeys(question.terms, 1.0)
        meaning = None
        if self.encoder is not None:
            meaning = _mean_vector(self.encoder.encode(question.sought))
        near = self._without(self._near(asked, meaning), leave_out)
        if not (len(near) and limit):
            return ()
        by_words, by_letters = (
            self._by_words(question, asked),
            self._letters.to(question.spelt or question.text),
        )
        first = self._scored(by_words, by_letters, meaning, near)
        found = self._best(first, limit)
        rows, _ = spans(self._first[found], self._first[found + 1])
        rows = self._without(rows, leave_out)
        others = self._scored(by_words, by_letters, meaning, rows[~among(rows, near)])
        scored = in_order(first, others, rows)
        named = {*asked, *(f"@{e}" for readings in question.doubtful for e in readings)}
        weighed = {term: share * self.weight(term) for term, share in asked.items()}
        reach = self._shares.of_targets(weighed, found)
        words = self._words_near(question, found)
        kinds = self._kinds[scored.rows]
        each = summaries(scored, self._of_text[scored.rows], kinds, bits_of(question.asks))
        focuses = self._shares.of_texts(scored.rows[[one.best for one in each]], named)
        told_of = (*reach, focuses, words, self._to_centroids(found, meaning))
        hits = [
            self._hit(one, scored, *told)
            for one, told in zip(each, zip(*told_of, strict=True), strict=True)
        ]
        return tuple(sorted(hits, key=lambda hit: -round(hit.score, 6)))

    def _without(self, rows: Ints, left_out: str) -> Ints:
        """*rows* but for texts that are *left_out*, folded; all where that is empty."""
        if not left_out:
            return rows
        return rows[[self._text(row) != fold(left_out) for row in rows.tolist()]]

    def _scored(
        self, by_words: Cosines, by_letters: Cosines, meaning: Floats | None, rows: Ints
    ) -> Scored:
        words, letters = by_words(rows), by_letters(rows)
        half = np.float32(0.5)
        scores = half * (words + letters)
        if meaning is None or self._vectors is None:
            return Scored(rows, words, letters, np.zeros_like(words), scores)
        meant = self._vectors.cosines(rows, meaning)
        share = np.float32(_MEANING)
        return Scored(rows, words, letters, meant, (1 - share) * scores + share * meant)

    def _best(self, scored: Scored, limit: int) -> Ints:
        """The targets of the best of *scored*, best first, at most *limit*; few of them far off."""
        targets = self._of_text[scored.rows]
        order = np.lexsort((targets, -scored.all.round(6)))
        found = list(dict.fromkeys(targets[order].tolist()))
        near = len({*targets[scored.all >= scored.all.max() - _FAR].tolist()})
        return np.array(found[: min(limit, max(near, _RIVALS))], dtype=np.int64)

    def _hit(
        self,
        one: Summary,
        scored: Scored,
        reached: Share,
        led: Share,
        focus: Share,
        nearness: Nearness,
        centroid: float,
    ) -> Hit:
        """The hit on the target of *one*, whose nearest text stands at `best` in *scored*."""
        best = one.best
        row = int(scored.rows[best])
        return Hit(
            target=self._targets[int(self._of_text[row])],
            score=float(scored.all[best]),
            text=self._text(row),
            by_words=float(scored.words[best]),
            by_letters=float(scored.letters[best]),
            by_meaning=float(scored.meaning[best]),
            coverage=reached[0],
            unexplained=reached[1],
            shared=led[0],
            unasked=led[1],
            focus=focus[0],
            added=focus[1],
            nearness=nearness,
            centroid=centroid,
            **one.told,
        )

    def _to_centroids(self, targets: Ints, meaning: Floats | None) -> list[float]:
        """The cosine of *meaning* with the mean of what leads to each of *targets*; 0 without."""
        if meaning is None or self._centroids is None:
            return [0.0] * len(targets)
        return [float(cosine) for cosine in self._centroids.cosines(targets, meaning)]

    def _words_near(self, question: Question, targets: Ints) -> list[Nearness]:
        """How near the words of *question* are to those that lead to each of *targets*."""
        if self.encoder is None:
            return [ALL_NEAR] * len(targets)
        weights = {word: self.weight(stem(word)) for word in question.plain}
        rarest = sorted(weights, key=lambda w: -weights[w])[:MOST_WORDS]
        heavy = np.array([weights[w] for w in rarest], dtype=np.float32)
        return self._wording.near(rarest, heavy, question.head, targets, self.encoder)

    def _near(self, asked: Mapping[str, float], meaning: Floats | None) -> Ints:
        """Rows worth scoring, in order: those that share terms, and those near in meaning."""
        rows = self._candidates.find(asked, _CANDIDATES) if asked else np.zeros(0, dtype=np.int64)
        if meaning is None or self._vectors is None:
            return np.sort(rows)
        return np.union1d(rows, self._vectors.near(meaning, _NEAR_IN_MEANING))

    def _by_words(self, question: Question, asked: Mapping[str, float]) -> Cosines:
        """Cosines with its terms, neighbouring terms and question words."""
        weights = {t: w * self.weight(t) for t, w in asked.items()}
        weights |= {t: ASKS * self.weight(t) for t in question.asks}
        wanted = {self._numbers[t]: w for t, w in weights.items() if t in self._numbers}
        squares = sum(w * w for w in weights.values())
        for one, two in pairwise(question.terms):
            a, b = self._numbers.get(one), self._numbers.get(two)
            if a is None or b is None:
                squares += (BESIDE * (1 + math.log(1 + self._words.total))) ** 2
                continue
            number, weight = self._words.beside(a, b)
            wanted[number] = weight
            squares += weight**2
        return self._words.to(wanted, math.sqrt(squares))


def _named(rows: Rows, names: Sequence[str]) -> Iterator[list[str]]:
    """The terms of each of *rows*, by their *names*."""
    terms = map(names.__getitem__, rows.ids.data)
    for length in np.diff(rows.starts).tolist():
        yield [*islice(terms, length)]


def _mean_vector(vectors: Floats) -> Floats:
    """The direction halfway between *vectors*, of length 1."""
    total = vectors.sum(axis=0)
    return np.asarray(total / (np.linalg.norm(total) or 1.0), dtype=np.float32)


def _together(parts: Sequence[Floats]) -> Floats:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
