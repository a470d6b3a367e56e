"""Rendering within limits: Telegram takes the reply, whatever the store holds."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import texts
from bot.blocks import Block, Choice, Group, Link, Note, Point, Quote, Reply, Text, Title
from bot.buttons import Open, Show
from bot.render import Renderer, cut, units
from knowledge.model import Citation, Item
from knowledge.outcomes import Ambiguous, Answered, MissKind, Outcome, Smalltalk, Unanswered
from tests.bot.telegram_rules import check, keys, labels
from tests.factories import (
    BRIEFING,
    a_briefing,
    a_citation,
    a_claim,
    a_field_citation,
    a_gap,
    a_library,
    a_pair,
    a_topic,
    an_article,
    an_entity,
)

ENGLISH = texts.load(texts.path_of("en"))
RENDERER = Renderer(ENGLISH, a_library())

# Whatever the store holds


NASTY = st.text(
    st.sampled_from("<>&\"'aZ \n😀é؟حفترא\u202e\u0301\u200d/;#") | st.characters(codec="utf-8"),
    min_size=1,
).filter(lambda text: bool(text.strip()) and "\x00" not in text)
LONG = NASTY.flatmap(lambda text: st.integers(1, 3000).map(lambda n: (text * n)[:6000]))
TEXTS = NASTY | LONG
URLS = st.sampled_from(
    ["https://example.org/a?b=1&c='2'", 'http://x/"><b>', "javascript:alert(1)", "https://[", ""]
) | NASTY.map(lambda text: f"https://example.org/{text}")


@st.composite
def outcomes(draw: st.DrawFn) -> tuple[Renderer, Outcome]:
    """Any outcome over a library full of awkward texts."""
    citations = draw(
        st.lists(
            st.builds(a_citation, st.integers(1, 3), TEXTS)
            | st.builds(a_field_citation, st.sampled_from(["headline", "published"]), TEXTS),
            min_size=1,
            max_size=5,
        )
    )
    pairs = [a_pair(f"p{n}", draw(TEXTS), draw(TEXTS), citations) for n in range(5)]
    entities = [an_entity(f"e{n}", draw(NASTY), draw(TEXTS)) for n in range(5)]
    claims = [a_claim("c0", draw(TEXTS), ["c1"]), a_claim("c1", draw(TEXTS), ["c0"])]
    article = an_article(
        headline=draw(TEXTS), publisher=draw(NASTY), source_url=draw(URLS), original=draw(NASTY)
    )
    briefing = a_briefing(
        article=article, pairs=pairs, entities=entities, claims=claims, suggested=("p0", "p1", "p2")
    )
    items: tuple[Item, ...] = (*pairs, *entities, *claims)
    named = tuple(entity.id for entity in entities)
    gap = draw(st.sampled_from([None, a_gap()]))
    nearest = tuple(c for c in citations if isinstance(c, Citation))
    outcome: Outcome = draw(
        st.sampled_from(items).map(
            lambda item: Answered(
                item=item,
                confidence=1.0,
                entities=named,
                related=tuple(pairs),
                others=tuple(items[:3]),
                older=tuple(items[:2]),
            )
        )
        | st.lists(st.sampled_from(items), min_size=2, max_size=6).map(
            lambda found: Ambiguous(choices=tuple(found), confidence=0.5)
        )
        | st.sampled_from(MissKind).map(
            lambda miss: Unanswered(
                miss=miss, briefing=BRIEFING, nearest=nearest, gap=gap, confidence=0.1
            )
        )
        | TEXTS.map(lambda text: Smalltalk(topic=a_topic(text), confidence=1.0))
    )
    return Renderer(ENGLISH, a_library(briefing)), outcome


@settings(deadline=None)
@given(outcomes(), st.lists(NASTY, max_size=2))
def test_telegram_takes_any_reply(made: tuple[Renderer, Outcome], notices: list[str]) -> None:
    renderer, outcome = made
    check(renderer.outcome(outcome, notices=notices))
    briefing = renderer.library.newest
    pages = (renderer.start(), renderer.briefing(briefing), renderer.sources(briefing))
    for page in (*pages, renderer.help(["ask"])):
        check(page)


LINKS = st.builds(Link, TEXTS, URLS)
BLOCKS = st.lists(
    st.builds(Title, TEXTS)
    | st.builds(Text, TEXTS)
    | st.builds(Note, TEXTS)
    | LINKS
    | st.builds(Quote, TEXTS, LINKS, TEXTS)
    | st.builds(Point, TEXTS, TEXTS, st.lists(LINKS, max_size=60).map(tuple)),
    min_size=1,
    max_size=12,
)
CHOICES = st.builds(Choice, NASTY, st.integers(0, 999).map(lambda n: Show("q", BRIEFING, f"p{n}")))
GROUPS = st.lists(
    st.builds(Group, TEXTS, st.lists(CHOICES, min_size=1, max_size=70).map(tuple), st.booleans()),
    max_size=3,
)


@settings(deadline=None)
@given(BLOCKS, GROUPS)
def test_telegram_takes_any_blocks_and_choices(blocks: list[Block], groups: list[Group]) -> None:
    check(RENDERER.draw(Reply(tuple(blocks), tuple(groups))))


def test_blocks_are_dropped_whole_from_the_end_and_a_bare_heading_with_them() -> None:
    blocks = (Text("a" * 4000), Title("Passages"), Text("b" * 200), Text("c"))
    rendered = RENDERER.draw(Reply(blocks, (Group("", (Choice("d", Open(BRIEFING)),)),)))
    assert rendered.html == "a" * 4000
    assert labels(rendered) == [["d"]]


def test_no_more_links_than_telegram_keeps() -> None:
    point = Point("x", "", tuple(Link("l", f"https://x/{n}") for n in range(30)))
    assert len(check(RENDERER.draw(Reply((point,) * 5))).links) == 90


def test_no_more_bytes_than_telegram_reads() -> None:
    long = tuple(Link("l", "https://x/" + "a" * 9000) for _ in range(9))
    assert len(check(RENDERER.draw(Reply(long))).links) == 3


def test_no_more_buttons_than_telegram_takes() -> None:
    many = tuple(Choice("a" * 30, Show("q", BRIEFING, f"p{n}")) for n in range(130))
    assert len(keys(RENDERER.draw(Reply((Text("x"),), (Group("", many),))))) == 100


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://", "", "https://[", "https://a b", "/x"]
)
def test_a_link_that_telegram_would_drop_is_plain_text(url: str) -> None:
    assert RENDERER.draw(Reply((Link("Read", url),))).html == "Read"


# Cutting


@given(TEXTS, st.integers(4, 64))
def test_a_cut_text_fits_and_says_that_it_was_cut(text: str, limit: int) -> None:
    found = cut(text, limit)
    assert 1 <= units(found) <= limit
    assert found == text or found.endswith("…")
    assert found == text or text.startswith(found[:-1])


def test_a_cut_falls_between_words_and_never_within_a_character() -> None:
    assert cut("one two three", 10) == "one two…"
    assert cut("a" * 9, 5) == "aaaa…"
    assert cut("😀😀😀", 5) == "😀😀…"
    assert cut("abce\u0301fgh", 5) == "abc…"
    assert cut("ab👩\u200d👩\u200d👧cd", 8) == "ab…"
