"""Phrasings find their own: each as it is, and most of them by the other ones alone."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge import Library, ask
from knowledge.library import load_library
from knowledge.load import SMALLTALK, load_briefing, load_smalltalk
from knowledge.model import Briefing, Gap, QAPair
from knowledge.outcomes import Answered, Outcome, Unanswered
from knowledge.report import twins as as_lines
from knowledge.twins import Stored, couples, of_gaps, of_pairs, share_of_own, stored, tried
from tests.knowledge import marrowby

INVENTED = Path(__file__).parents[1] / "briefings"
SAMPLE = 1_000
LEAST = 0.66
"""Share of the phrasings of pairs that find their own pair without themselves, here without the
semantic extra; 0.88 is the goal. It falls with every pair that stands beside others on a sentence:
pairs that may be one should be.
Most of the others find a pair that stands on the same sentence. Those of gaps are not held to it:
what the briefing does not say lies next to what it says, and a pair often comes before the gap."""


@pytest.fixture(scope="module", params=["marrowby", *sorted(p.name for p in INVENTED.iterdir())])
def invented(request: pytest.FixtureRequest, marrowby_folder: Path) -> Library:
    """One of the invented briefings by itself."""
    if request.param == "marrowby":
        return load_library(marrowby_folder)
    return Library([load_briefing(INVENTED / request.param)], load_smalltalk(SMALLTALK))


def leads_to(outcome: Outcome, target: QAPair | Gap) -> bool:
    """Whether *outcome* is the answer of *target*, or says that it is not in the briefing."""
    if isinstance(target, Gap):
        return isinstance(outcome, Unanswered) and outcome.gap == target
    return isinstance(outcome, Answered) and outcome.item == target


def test_every_phrasing_as_it_is_finds_its_own(invented: Library) -> None:
    asked = stored(invented)
    lost = [s.phrasing for s in asked if not leads_to(ask(invented, s.phrasing), s.target)]

    assert len(asked) >= 20
    assert lost == []


def test_every_phrasing_of_pairs_and_gaps_is_tried_once(invented: Library) -> None:
    targets: list[QAPair | Gap] = [*invented.newest.pairs, *invented.newest.gaps]
    expected = [(t.id, phrasing) for t in targets for phrasing in t.phrasings]

    found = [t.stored for t in tried(invented, stored(invented))]

    assert [(s.target.id, s.phrasing) for s in found] == expected


def test_pairs_and_gaps_are_told_apart(invented: Library) -> None:
    found = list(tried(invented, stored(invented)))

    pairs, gaps = of_pairs(found), of_gaps(found)

    assert [*pairs, *gaps] == found
    assert {t.stored.target for t in pairs} == {*invented.newest.pairs}
    assert {t.stored.target for t in gaps} == {*invented.newest.gaps}
    said = "\n".join(as_lines(found, 0))
    assert f"of {len(pairs)} that lead to a pair, {share_of_own(pairs):.1%} find their own" in said
    assert f"of {len(gaps)} that lead to a gap, {share_of_own(gaps):.1%} find their own" in said


def test_most_phrasings_of_the_shipped_pairs_find_their_own_without_themselves(
    libya: Library,
) -> None:
    of_a_pair = [s for s in stored(libya) if isinstance(s.target, QAPair)]
    sample = random.Random(20170829).sample(of_a_pair, SAMPLE)
    found = list(tried(libya, sample))

    share = share_of_own(found)
    assert share >= LEAST, f"{share:.1%}; see python -m knowledge check --twins"


def with_twins(briefing: Briefing) -> Briefing:
    """*briefing* with two pairs more, asked for as its first two are, but for a word."""
    twins = [
        replace(pair, id=f"{pair.id}-twin", phrasings=tuple(f"{p} then" for p in pair.phrasings))
        for pair in briefing.pairs[:2]
    ]
    return replace(briefing, pairs=(*briefing.pairs, *twins))


def test_twins_take_phrasings_and_are_named_first(marrowby_folder: Path) -> None:
    town = load_briefing(marrowby_folder / marrowby.ID)
    library = Library([with_twins(town)])
    found = list(tried(library, stored(library)))

    first, second, *_ = ranked = couples(found)

    assert {first.ids, second.ids} == {(i, f"{i}-twin") for i in ("barrier-cost", "vote-when")}
    assert len(first.stolen) >= len(second.stolen) >= 6
    assert [len(c.stolen) for c in ranked] == sorted((len(c.stolen) for c in ranked), reverse=True)
    assert sum(t.own for t in found) + sum(t.found is None for t in found) + sum(
        len(c.stolen) for c in ranked
    ) == len(found)
    assert share_of_own(found) == sum(t.own for t in found) / len(found)


def test_what_no_other_text_resembles_is_found_by_nothing(marrowby_folder: Path) -> None:
    town = load_briefing(marrowby_folder / marrowby.ID)
    odd = replace(town.pairs[0], phrasings=("zyxw",))
    library = Library([replace(town, pairs=(odd, *town.pairs[1:]))])

    [only] = tried(library, [Stored(odd, "zyxw")])

    assert (only.found, only.own) == (None, False)
    assert couples([only]) == ()
    assert "1 find nothing" in "\n".join(as_lines([only], 20))


def test_the_advice_shows_as_many_couples_as_asked(marrowby_folder: Path) -> None:
    town = load_briefing(marrowby_folder / marrowby.ID)
    library = Library([with_twins(town)])
    found = list(tried(library, stored(library)))
    count = len(couples(found))
    assert count > 1

    few, all_ = ("\n".join(as_lines(found, limit)) for limit in (1, count))

    assert f"  {' and '.join(couples(found)[0].ids)}\n" in few
    assert f"{count - 1} more couples: --limit {count}" in few
    assert "more couples" not in all_
    assert all(" and ".join(c.ids) in all_ for c in couples(found))
