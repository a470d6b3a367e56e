"""The messages of the push: what readers see of it, and that Telegram takes whatever is pushed."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardButton

from bot import buttons, texts
from bot.pages_push import PushPages
from bot.push_text import Drawing, Look, arranger, notice_of
from bot.render import LONGEST, MOST_BYTES, MOST_ENTITIES, Rendered
from bot.revision import Mended, Revision, day, first, following, read, write
from bot.store import Store, TextDamaged
from bot.store.editions import Sheet
from knowledge import source_link
from knowledge.model import Briefing, Correction, CorrectionKind, Point
from tests.bot.telegram_rules import keys, labels
from tests.factories import (
    BRIEFING,
    PAIRS,
    a_briefing,
    a_citation,
    a_field_citation,
    a_pair,
    an_article,
)
from tests.fake_telegram.html import parse_html
from tests.fake_telegram.text import utf16_len

ENGLISH = texts.load(texts.path_of("en"))
ARRANGE = arranger(ENGLISH)
TODAY = dt.date(2017, 8, 29)
LATER = dt.date(2017, 8, 30)
NOW = dt.datetime(2017, 8, 29, 6, tzinfo=dt.UTC)


def a_point(id_: str, text: str, *, disputed: bool = False) -> Point:
    """A point that stands on sentence 1."""
    return Point(id=id_, text=text, citations=(a_citation(),), disputed=disputed)


POINTS = (
    a_point("attack", "Fighters attacked the checkpoint."),
    a_point("toll", "Eleven people were beheaded.", disputed=True),
    a_point("video", "Amaq released a video."),
)


def printed(points: Sequence[Point] = POINTS, on: dt.date = TODAY) -> Revision:
    """The first revision of a briefing with *points*, published *on* that day."""
    made = first(a_briefing(points=points), on, ARRANGE, number=1)
    return replace(made, published=on)


def drawn(revision: Revision, known: int = 1, before: Revision | None = None) -> tuple[str, ...]:
    """What readers see of *revision*: the text of each message, without its markup."""
    parts = Drawing(ENGLISH, revision, Look(known, before)).parts()
    return tuple(parse_html(part.html)[0] for part in parts)


def mended(old: Revision, *entries: Correction, points: Sequence[Point] = POINTS) -> Revision:
    """What follows on *old* when *entries* are declared, and *points* are those of today."""
    before = tuple(entry.entry for entry in old.mended)
    briefing = replace(a_briefing(points=points), corrections=(*before, *entries))
    number = max((m.revision for m in old.mended), default=1) + 1
    return following(old, briefing, LATER, ARRANGE, number=number)


TOLL = Correction(
    point="toll",
    was="Eleven people",
    now="Twelve people",
    reason="The spokesman gave a new figure.",
    kind=CorrectionKind.CORRECTION,
)
TWELVE = (POINTS[0], replace(POINTS[1], text="Twelve people were beheaded."), POINTS[2])
WITHDRAWN = Correction(
    point="video",
    was="Amaq",
    now="",
    reason="The agency took it back.",
    kind=CorrectionKind.RETRACTION,
)


# What readers see


def test_a_push_is_headline_date_and_points_with_their_places() -> None:
    [part] = Drawing(ENGLISH, printed(), Look(1)).parts()
    link = source_link(a_briefing(), a_citation()).replace("&", "&amp;")
    place = f'<a href="{link}">Paragraph 1, sentence 1</a>'
    assert part.html == (
        "<b>Attack in Libya</b>\n\n"
        "<i>29 August 2017 · Geopolitics Alert</i>\n\n"
        f"<b>1.</b> Fighters attacked the checkpoint.\n{place}\n\n"
        "<b>2.</b> Eleven people were beheaded.\n"
        f"<i>Sources disagree on this.</i>\n{place}\n\n"
        f"<b>3.</b> Amaq released a video.\n{place}"
    )


def test_the_suggested_questions_are_buttons_and_so_is_the_way_out() -> None:
    [part] = Drawing(ENGLISH, printed(), Look(1)).parts()
    asked = [[pair.phrasings[0]] for pair in PAIRS[:3]]
    assert labels(part) == [*asked, ["Unsubscribe"]]
    payloads = [buttons.decode(str(button.callback_data)) for button in keys(part)]
    assert payloads == [*map(buttons.Show.of, PAIRS[:3]), buttons.Unsubscribe()]


def test_who_had_nothing_before_sees_no_marks() -> None:
    [text] = drawn(printed())
    assert "New" not in text
    assert "Since" not in text


def test_what_is_new_and_what_is_changed_since_the_last_briefing_is_marked() -> None:
    before = (POINTS[0], replace(POINTS[1], text="Ten people were beheaded."))
    [text] = drawn(printed(), before=printed(before, dt.date(2017, 8, 28)))
    assert "Since the briefing of 28 August 2017: 1 new point, 1 changed point." in text
    assert "\n1. Fighters attacked" in text
    assert "\n2. Changed: Eleven people" in text
    assert "\n3. New: Amaq released" in text


def test_where_all_is_new_one_line_says_so() -> None:
    [text] = drawn(printed(), before=printed([a_point("x", "X.")], dt.date(2017, 8, 28)))
    assert "All points are new since the briefing of 28 August 2017." in text
    assert "New:" not in text


def test_where_nothing_is_new_one_line_says_so() -> None:
    [text] = drawn(printed(), before=printed(on=dt.date(2017, 8, 28)))
    assert "The same points as in the briefing of 28 August 2017." in text


def test_a_corrected_point_carries_the_day_for_those_alone_who_had_the_old_text() -> None:
    corrected = mended(printed(), TOLL, points=TWELVE)
    [old_reader], [new_reader] = drawn(corrected, known=1), drawn(corrected, known=2)
    assert "\n2. Corrected on 30 August 2017: Twelve people were beheaded." in old_reader
    assert "\n2. Twelve people were beheaded." in new_reader


def test_a_typo_is_mended_without_a_word() -> None:
    typo = replace(TOLL, kind=CorrectionKind.TYPO)
    corrected = mended(printed(), typo, points=TWELVE)
    assert "\n2. Twelve people were beheaded." in drawn(corrected, known=1)[0]
    assert notice_of(ENGLISH, corrected, 1) is None


def test_a_withdrawn_point_is_struck_and_keeps_its_number() -> None:
    withdrawn = mended(printed(), replace(WITHDRAWN, point="attack", was="F"), points=POINTS[1:])
    [part] = Drawing(ENGLISH, withdrawn, Look(1)).parts()
    lead = "<b>1. Withdrawn on 30 August 2017.</b>"
    assert f"{lead} <s>Fighters attacked the checkpoint.</s>\n\n<b>2.</b> Eleven" in part.html


def test_a_withdrawn_point_is_not_told_to_who_never_had_it() -> None:
    withdrawn = mended(printed(), WITHDRAWN, points=POINTS[:2])
    [text] = drawn(withdrawn, known=2)
    assert text.endswith("3. Withdrawn on 30 August 2017.")


def test_a_new_point_stands_at_the_end() -> None:
    added = mended(printed(), points=(a_point("late", "Late news."), *POINTS))
    assert [point.id for point in added.points] == ["attack", "toll", "video", "late"]
    assert drawn(added)[0].index("3. Amaq") < drawn(added)[0].index("4. Late news.")


def test_a_notice_says_what_was_said_what_is_said_now_and_why() -> None:
    corrected = mended(printed(), TOLL, points=TWELVE)
    told = notice_of(ENGLISH, corrected, 1)
    assert told is not None
    assert parse_html(told.html)[0] == (
        "Correction to point 2 of Attack in Libya, 29 August 2017\n\n"
        "Was: “Eleven people”\n\n"
        "Now: “Twelve people”\nParagraph 1, sentence 1\n\n"
        "(The spokesman gave a new figure.)"
    )
    assert "<s>“Eleven people”</s>" in told.html
    assert labels(told) == [["Unsubscribe"]]


def test_a_notice_of_a_withdrawal_says_what_is_withdrawn() -> None:
    told = notice_of(ENGLISH, mended(printed(), WITHDRAWN, points=POINTS[:2]), 1)
    assert told is not None
    assert parse_html(told.html)[0] == (
        "Point 3 of Attack in Libya, 29 August 2017, is withdrawn\n\n"
        "It said: “Amaq released a video.”\n\n"
        "(The agency took it back.)"
    )


def test_one_notice_tells_all_that_its_reader_does_not_know() -> None:
    once = mended(printed(), TOLL, points=TWELVE)
    twice = mended(once, WITHDRAWN, points=TWELVE[:2])
    both, later = notice_of(ENGLISH, twice, 1), notice_of(ENGLISH, twice, 2)
    assert both is not None
    assert later is not None
    assert "Correction to point 2" in both.html
    assert "Point 3 of" in both.html
    assert "Correction to point 2" not in later.html
    assert notice_of(ENGLISH, twice, 3) is None


def test_corrections_that_one_notice_cannot_hold_are_counted() -> None:
    many = tuple(
        Mended(
            point="toll",
            was="w" * 500,
            now="n" * 500,
            reason="r" * 300,
            kind=CorrectionKind.CORRECTION,
            revision=2,
            on=LATER,
        )
        for _ in range(6)
    )
    told = notice_of(ENGLISH, replace(printed(), mended=many), 1)
    assert told is not None
    fits(told)
    assert parse_html(told.html)[0].endswith("4 more corrections stand in the message above.")


def test_long_points_go_on_in_a_second_message_which_has_the_questions() -> None:
    points = [
        Point(
            id=f"p{n}",
            text=f"{n} " * 240,
            citations=tuple(a_citation(1 + s % 3, f"quote {s}") for s in range(5)),
            disputed=True,
        )
        for n in range(6)
    ]
    revision = printed(points)
    parts = Drawing(ENGLISH, revision, Look(1)).parts()
    assert len(parts) == 2
    assert labels(parts[0]) == [["Unsubscribe"]]
    assert len(labels(parts[1])) > 1
    assert labels(parts[1])[-1] == ["Unsubscribe"]
    text = parse_html(parts[1].html)[0]
    assert text.startswith("Attack in Libya (message 2 of 2)\n\n")


async def test_an_edit_leaves_the_buttons_where_its_reader_has_them(tmp_path: Path) -> None:
    one = replace(printed(), groups=(("attack", "toll", "video"),))
    two = replace(one, groups=(("attack", "toll"), ("video",)))
    async with await Store.open(tmp_path / "bot.sqlite3") as store:
        for made in (one, two):
            sheet = Sheet(briefing=BRIEFING, text=write(made))
            assert await store.editions.seen([sheet], await store.editions.known(), NOW)
        drawer = pages(store)
        [had] = await drawer.parts(1, 1, 0, "en")
        edited = await drawer.edit(1, 1, 2, 0, 0, "en")
        assert labels(edited) == labels(had)
        assert len(labels(had)) > 1
        newcomer = await drawer.parts(1, 2, 0, "en")
        assert labels(newcomer[0]) == [["Unsubscribe"]]
        assert labels(newcomer[1]) == labels(had)


# Whatever is pushed


def fits(part: Rendered) -> str:
    """The text of *part*, once it is sure that Telegram takes it whole."""
    text, entities = parse_html(part.html)
    assert text.strip()
    assert utf16_len(text) <= LONGEST
    assert len(part.html.encode()) <= MOST_BYTES
    assert len(entities) <= MOST_ENTITIES
    return text


NASTY = st.text(
    st.sampled_from("<>&\"'aZ \n😀é؟حفترא\u202e\u0301\u200d/;#") | st.characters(codec="utf-8"),
    min_size=1,
).filter(lambda text: bool(text.strip()) and "\x00" not in text)


def texts_up_to(longest: int) -> st.SearchStrategy[str]:
    """Texts of any sort, as long as a content file may have them; stripped, as it gives them."""
    long = st.tuples(NASTY, st.integers(1, longest)).map(lambda t: (t[0] * t[1])[:longest])
    return (NASTY | long).map(lambda text: text[:longest].strip()).filter(bool)


URLS = st.sampled_from(
    ['http://x/"><b>', "javascript:alert(1)", "https://[", "https://e.org/" + "u" * 9000]
) | NASTY.map(lambda text: f"https://example.org/{text}")
CITATIONS = st.lists(
    st.builds(a_citation, st.integers(1, 3), texts_up_to(300)) | st.just(a_field_citation()),
    min_size=1,
    max_size=5,
)


@st.composite
def briefings(draw: st.DrawFn) -> Briefing:
    """Any briefing that loads, as far as the push shows it."""
    said = draw(st.lists(texts_up_to(500), min_size=1, max_size=6))
    points = [
        Point(
            id=f"p{n}",
            text=text,
            citations=tuple(draw(CITATIONS)),
            disputed=draw(st.booleans()),
        )
        for n, text in enumerate(said)
    ]
    article = an_article(
        headline=draw(texts_up_to(600)),
        publisher=draw(texts_up_to(600)),
        source_url=draw(URLS),
    )
    pairs = [a_pair(f"q{n}", draw(texts_up_to(200))) for n in range(3)]
    suggested = [pair.id for pair in pairs]
    return a_briefing(article=article, points=points, pairs=pairs, suggested=suggested)


@settings(deadline=None)
@given(briefings(), st.none() | briefings())
def test_telegram_takes_any_briefing_whole_and_in_order(
    briefing: Briefing, before: Briefing | None
) -> None:
    revision = first(briefing, TODAY, ARRANGE, number=1)
    assert read(write(revision)) == revision
    had = first(before, TODAY, ARRANGE, number=1) if before else None
    parts = Drawing(ENGLISH, revision, Look(1, had)).parts()
    seen = [fits(part) for part in parts]
    for group, text in zip(revision.groups, seen, strict=True):
        at = 0
        for number, point in enumerate(revision.points, start=1):
            if point.id in group:
                leads = [f"{number}. {mark}" for mark in ("", "New: ", "Changed: ")]
                found = [text.find(lead + point.text, at) for lead in leads]
                assert max(found) >= 0
                at = min(place for place in found if place >= 0) + 1
    assert [id_ for group in revision.groups for id_ in group] == [p.id for p in revision.points]
    assert all(button_fits(button) for part in parts for button in keys(part))


def button_fits(button: InlineKeyboardButton) -> bool:
    """Whether Telegram takes *button*, and we know what it means."""
    data = str(button.callback_data)
    return (
        0 < utf16_len(button.text.strip()) <= 64
        and len(data.encode()) <= 64
        and buttons.decode(data) is not None
    )


@settings(deadline=None)
@given(briefings(), st.data())
def test_telegram_takes_any_correction_in_the_messages_that_were_sent(
    briefing: Briefing, data: st.DataObject
) -> None:
    old = first(briefing, TODAY, ARRANGE, number=1)
    entries, today = [], []
    for point in briefing.points:
        kind = data.draw(st.sampled_from([None, *CorrectionKind]))
        now = data.draw(texts_up_to(500))
        reason = data.draw(texts_up_to(300))
        if kind is None:
            today.append(point)
            continue
        gone = kind is CorrectionKind.RETRACTION
        new = "" if gone else now
        entries.append(
            Correction(point=point.id, was=point.text, now=new, reason=reason, kind=kind)
        )
        if not gone:
            today.append(replace(point, text=now))
    later = replace(briefing, points=tuple(today), corrections=tuple(entries))
    new_revision = following(old, later, LATER, ARRANGE, number=2)
    assert read(write(new_revision)) == new_revision
    assert new_revision.groups == old.groups
    for known in (1, 2):
        for part in Drawing(ENGLISH, new_revision, Look(known)).parts():
            fits(part)
    told = notice_of(ENGLISH, new_revision, 1)
    assert (told is None) == all(e.kind is CorrectionKind.TYPO for e in entries)
    if told is not None:
        fits(told)


# From the store


@pytest_asyncio.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """A store with two editions, of which the second was corrected."""
    async with await Store.open(tmp_path / "bot.sqlite3") as opened:
        earlier = replace(printed(POINTS[:2], dt.date(2017, 8, 28)), briefing="2017-08-28-libya")
        sheets = [
            Sheet(briefing="2017-08-28-libya", text=write(earlier)),
            Sheet(briefing=BRIEFING, text=write(printed())),
        ]
        assert await opened.editions.seen(sheets, (), NOW)
        text = write(mended(printed(), TOLL, points=TWELVE))
        further = [Sheet(briefing=BRIEFING, text=text, notice=True)]
        assert await opened.editions.seen(further, await opened.editions.known(), NOW)
        yield opened


def pages(store: Store) -> PushPages:
    """What renders the editions of *store*."""
    return PushPages(store.editions, {"en": ENGLISH}, "en")


async def test_each_reader_gets_the_marks_of_what_he_had(store: Store) -> None:
    [fresh] = await pages(store).parts(2, 1, 0, "en")
    [marked] = await pages(store).parts(2, 1, 1, "xx")  # a language that we do not speak
    assert "New:" not in fresh.html
    assert "<b>3. New:</b> Amaq" in marked.html
    assert (await pages(store).parts(2, 1, 99, "en")) == (fresh,)


async def test_an_edit_is_the_message_as_it_would_have_been(store: Store) -> None:
    edited = await pages(store).edit(2, 1, 2, 1, 0, "en")
    assert "Corrected on 30 August 2017:" in edited.html
    assert "<b>3. New:</b>" in edited.html
    assert labels(edited)[-1] == ["Unsubscribe"]
    assert (await pages(store).edit(2, 2, 2, 1, 0, "en"),) == (
        await pages(store).parts(2, 2, 1, "en")
    )
    with pytest.raises(TextDamaged, match="no message 1"):
        await pages(store).edit(2, 1, 2, 1, 1, "en")


async def test_a_correction_is_told_from_what_the_reader_knows(store: Store) -> None:
    assert await pages(store).correction(2, 2, 2, "en") is None
    told = await pages(store).correction(2, 1, 2, "en")
    assert told is not None
    assert "Correction to point 2" in told.html


async def test_what_was_damaged_in_the_file_is_not_sent(store: Store, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "bot.sqlite3") as db:
        db.execute("UPDATE revision SET points = replace(points, 'Eleven', 'Ten') WHERE number = 1")
    db.close()
    damaged = pages(store)
    with pytest.raises(TextDamaged):
        await damaged.parts(2, 1, 0, "en")
    with pytest.raises(TextDamaged):
        await damaged.edit(2, 1, 1, 0, 0, "en")
    with pytest.raises(TextDamaged):
        await damaged.correction(2, 0, 1, "en")
    with pytest.raises(TextDamaged, match="no revision 7"):
        await damaged.parts(2, 7, 0, "en")
    await damaged.parts(2, 2, 1, "en")  # only what it is compared with is damaged: no marks


def test_a_quiet_line_has_the_way_out(store: Store) -> None:
    line = pages(store).quiet("en")
    assert "no new briefing today" in fits(line)
    assert labels(line) == [["Unsubscribe"]]


def test_dates_are_written_as_the_front_matter_writes_them() -> None:
    front = a_briefing().article.front
    assert day(front.published) == front.text("published")
