"""What is known of hits, by columns: the same as one hit after the other in a plain loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from knowledge import Library
from knowledge.features import Column, Features
from knowledge.hit import Hit
from knowledge.model import Claim, Entity, Gap, QAPair
from knowledge.question import Question
from tests.knowledge.toy import Toy

MOST = 4
NOTHING = 1e-4
QUESTIONS = (
    "How much will the barrier cost?",
    "Was the vote of Calder and Oakes in Marrowby unanimous on 3 March 2021?",
    "Did the mayor of Marrowby vote against the barrier?",
    "Who will build the barrier on the River Esk?",
    "Did 7 or 12 councillors of Oslo vote for the wall, as Zeidan said?",
    "When did the council decide?",
    "salmon barrier vote council price",
)


@pytest.fixture(scope="module")
def talk(town: Library) -> Library:
    """The town's briefing with names in what it is asked, and an encoder."""
    [briefing] = town.briefings
    more = {
        "vote-when": ("When did Calder and the council of Marrowby vote on the wall?",),
        "vote-unanimous": ("Did all councillors of Marrowby vote as Calder and Oakes did?",),
        "barrier-cost": ("What will the barrier on the River Esk cost Marrowby?",),
    }
    pairs = tuple(
        replace(pair, phrasings=(*pair.phrasings, *more.get(pair.id, ())))
        for pair in briefing.pairs
    )
    again = replace(pairs[0], id="vote-where", answer="It voted in Marrowby.")
    return Library([replace(briefing, pairs=(*pairs, again))], encoder=Toy())


def found(library: Library, text: str) -> tuple[Question, tuple[Hit, ...]]:
    """How *text* is read, and its hits."""
    read = library.understanding.read(text)
    return read, library.index.search(read, limit=20)


def special(term: str) -> bool:
    """Whether *term* is an entity, a group of words or a number."""
    return term.startswith(("@", "~")) or term[0].isdigit()


def logit(share: float) -> float:
    """The logit of *share*, of nothing nearer to 0 or 1 than what counts as nothing."""
    return math.log(max(share, NOTHING) / max(1 - share, NOTHING))


def proper(library: Library, term: str) -> bool:
    """Whether *term* is the name of somebody or something, by the store's own types."""
    entity = library.entity_by_id(term[1:]) if term[0] == "@" else None
    return isinstance(entity, Entity) and entity.type.value in {
        "person",
        "place",
        "organisation",
        "armed-group",
    }


def is_yes_or_no(hit: Hit) -> bool:
    return isinstance(hit.target, QAPair) and hit.target.kind.value == "whether"


Plain = Callable[[Library, Question, Hit], float]
PLAIN: dict[str, Plain] = {
    "special unasked": lambda _, read, hit: min(
        MOST, sum(special(t) for t in hit.unasked if t in read.terms)
    ),
    "special unexplained": lambda _, read, hit: min(
        MOST, sum(special(t) for t in hit.unexplained if t in read.terms)
    ),
    "special added": lambda _, read, hit: min(MOST, sum(map(special, hit.added))),
    "special shared": lambda library, read, hit: (
        1
        - sum(library.index.weight(t) for t in {*read.terms} & {*hit.unasked} if special(t))
        / (sum(library.index.weight(t) for t in {*read.terms} if special(t)) or 1)
    ),
    "plain unasked": lambda _, read, hit: (
        any(t[0] in "@~" for t in read.terms)
        * min(MOST, sum(not special(t) for t in hit.unasked if t in read.terms))
    ),
    "rarest unexplained": lambda library, read, hit: (
        any(t[0] in "@~" for t in read.terms)
        * max([library.index.weight(t) for t in hit.unexplained if t in read.terms], default=0)
    ),
    "names added": lambda library, _, hit: min(
        MOST, len({t for t in hit.added if proper(library, t)})
    ),
    "names unasked": lambda library, read, hit: min(
        MOST, len({t for t in hit.unasked if t in read.terms and proper(library, t)})
    ),
    "yes or no unasked": lambda _, read, hit: (
        is_yes_or_no(hit) and read.kind is not None and read.kind.value != "whether"
    ),
    "wants yes or no": lambda _, read, hit: (
        isinstance(hit.target, QAPair)
        and not is_yes_or_no(hit)
        and read.kind is not None
        and read.kind.value == "whether"
    ),
    "claim": lambda _, read, hit: isinstance(hit.target, Claim),
    "centroid": lambda _, read, hit: hit.centroid,
    "gap: centroid": lambda _, read, hit: isinstance(hit.target, Gap) * hit.centroid,
}


@pytest.mark.parametrize("name", PLAIN)
def test_of_each_hit_a_column_tells_what_a_loop_would(talk: Library, name: str) -> None:
    seen: set[float] = set()
    for text in QUESTIONS:
        read, hits = found(talk, text)
        column = Features(talk, read, hits).of_hits()[name]
        plain = [float(PLAIN[name](talk, read, hit)) for hit in hits]

        assert column.tolist() == pytest.approx(plain), text
        seen |= {*plain}
    assert len(seen) > 1, "the questions have to tell this apart"


def shares_for(count: int, seed: int) -> Column:
    """What *count* hits and nothing won, some of them next to nothing; together 1."""
    odds = np.random.default_rng(seed).standard_normal(count + 1) * 6
    raised = np.exp(odds - odds.max())
    return np.asarray(raised / raised.sum())


def siblings(library: Library, hits: Sequence[Hit], own: Sequence[float]) -> list[float]:
    """For each hit the logit of what it won with those that cite a sentence that it cites."""

    def cited(hit: Hit) -> frozenset[object]:
        return frozenset() if isinstance(hit.target, Gap) else frozenset(library.cited(hit.target))

    won = [share if share > NOTHING else 0.0 for share in own]
    return [
        logit(
            sum(
                share
                for other, share in zip(hits, won, strict=True)
                if other is hit or cited(other) & cited(hit)
            )
        )
        for hit in hits
    ]


@pytest.mark.parametrize("seed", range(5))
def test_of_the_winners_a_column_tells_what_a_loop_would(talk: Library, seed: int) -> None:
    for text in QUESTIONS:
        read, hits = found(talk, text)
        shares = shares_for(len(hits), seed)
        known = Features(talk, read, hits)
        columns = known.of_winners(shares)
        own = shares[:-1].tolist()
        refused = shares[-1] + sum(
            share for hit, share in zip(hits, own, strict=True) if isinstance(hit.target, Gap)
        )
        best = max(own)
        second = sorted(own)[-2]

        assert len(hits) > 1
        assert columns["share"].tolist() == pytest.approx(list(map(logit, own)))
        assert columns["siblings"].tolist() == pytest.approx(siblings(talk, hits, own))
        assert columns["second"].tolist() == pytest.approx(
            [logit(second if share == best else best) for share in own]
        )
        assert known.refused(shares) == pytest.approx(refused)
        assert columns["refused"].tolist() == pytest.approx([logit(refused)] * len(hits))


def test_a_hit_alone_has_no_second(talk: Library) -> None:
    read, hits = found(talk, QUESTIONS[0])
    columns = Features(talk, read, hits[:1]).of_winners(np.array([0.7, 0.3]))

    assert columns["second"].tolist() == pytest.approx([logit(0.0)])
    assert columns["siblings"].tolist() == columns["share"].tolist() == pytest.approx([logit(0.7)])


def test_of_nothing_the_best_hit_speaks_and_the_nearest_centroids(talk: Library) -> None:
    for text in QUESTIONS:
        read, hits = found(talk, text)
        known = Features(talk, read, hits).of_nothing()
        best = max(hits, key=lambda hit: hit.score)
        of_gaps = [hit.centroid for hit in hits if isinstance(hit.target, Gap)]
        of_items = [hit.centroid for hit in hits if not isinstance(hit.target, Gap)]

        assert known["score"] == best.score
        assert known["best is a gap"] == isinstance(best.target, Gap)
        assert known["special unasked"] == PLAIN["special unasked"](talk, read, best)
        assert known["centroid"] == pytest.approx(max(of_items, default=0))
        assert known["gap: centroid"] == pytest.approx(max(of_gaps, default=0))
        assert known["strangers"] == min(2, len(read.strangers))


def test_of_no_hits_nothing_is_known(talk: Library) -> None:
    with pytest.raises(ValueError, match="no hits"):
        Features(talk, talk.understanding.read("barrier"), ())
