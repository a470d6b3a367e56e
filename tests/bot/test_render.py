"""Replies: what they show, in which order, and that Telegram takes whatever the store holds."""

from __future__ import annotations

import html
from dataclasses import replace

import pytest

from bot import buttons, texts
from bot.buttons import Open, Show
from bot.render import Rendered, Renderer, visible
from knowledge import show, source_link
from knowledge.measured import thresholds
from knowledge.model import QAPair
from knowledge.outcomes import Ambiguous, Answered, Excerpt, MissKind, Smalltalk, Unanswered, whole
from knowledge.premises import ROOM
from knowledge.tally import Measured, Tally
from tests.bot.telegram_rules import check, keys, labels
from tests.factories import (
    BRIEFING,
    CLAIMS,
    ENTITIES,
    PAIRS,
    a_briefing,
    a_citation,
    a_claim,
    a_gap,
    a_library,
    a_pair,
    a_topic,
    an_article,
)

ENGLISH = texts.load(texts.path_of("en"))
LIBRARY = a_library()
RENDERER = Renderer(ENGLISH, LIBRARY)


def answered(pair: QAPair, **more: tuple[object, ...]) -> Answered:
    return Answered(item=pair, confidence=1.0, **more)  # type: ignore[arg-type]


# Answers


def test_each_question_of_a_message_has_its_paragraph_and_what_was_cut_its_button() -> None:
    cut = Excerpt(PAIRS[2], "Eleven people were beheaded.", PAIRS[2].citations)
    rendered = RENDERER.outcome(answered(PAIRS[0], parts=(whole(PAIRS[0]), cut)))
    check(rendered)
    assert rendered.html.startswith(f"{PAIRS[0].answer}\n\nEleven people were beheaded.\n\n<i>")
    assert rendered.html.count("<blockquote") == 2
    data = [key.callback_data for key in keys(rendered)]
    assert data[0] == buttons.encode(Show("q", BRIEFING, PAIRS[2].id))
    assert buttons.encode(Show("q", BRIEFING, PAIRS[0].id)) not in data


def test_a_correction_says_that_the_briefing_says_otherwise() -> None:
    pair = a_pair(answer="No. It was attacked on 23 August 2017.")
    rendered = RENDERER.outcome(Answered(item=pair, confidence=1.0, otherwise=True))
    check(rendered)
    text = "The briefing says otherwise: It was attacked on 23 August 2017."
    assert rendered.html.startswith(f"{text}\n\n")
    assert len(ENGLISH.say("answer.otherwise", answer="")) <= ROOM


def test_whom_a_name_was_taken_for_stands_below_the_answer_and_is_escaped() -> None:
    rendered = RENDERER.outcome(answered(PAIRS[0], taken=(("Mis<b>mri", "Ahmed Mismari"),)))
    check(rendered)
    note = "<i>(I took “Mis&lt;b&gt;mri” for Ahmed Mismari.)</i>"
    assert rendered.html.startswith(f"{html.escape(PAIRS[0].answer)}\n\n{note}\n\n")


def test_which_questions_have_no_answer_stands_below_the_one_that_has_and_is_escaped() -> None:
    left, taken = ("who <b>& why", "when"), (("Mis<b>mri", "Ahmed Mismari"),)
    rendered = RENDERER.outcome(answered(PAIRS[0], left=left, taken=taken))
    check(rendered)
    notes = [ENGLISH.say("answer.left", question=question) for question in left]
    notes.append(ENGLISH.say("answer.taken", written="Mis<b>mri", name="Ahmed Mismari"))
    said = [f"<i>{html.escape(note)}</i>" for note in notes]
    start, _, rest = rendered.html.partition("\n\n")
    assert start == html.escape(PAIRS[0].answer)
    assert [line for line in rest.split("\n") if line][:3] == said
    first, second = notes[:2]
    assert "who <b>& why" in first
    assert "when" in second


def test_an_answer_to_all_that_was_asked_leaves_nothing() -> None:
    said = ENGLISH.say("answer.left", question="").partition("“")[0]
    assert said
    for outcome in (answered(PAIRS[0]), answered(PAIRS[0], parts=tuple(map(whole, PAIRS[:2])))):
        assert said not in RENDERER.outcome(outcome).html


def test_an_answer_stands_first_then_its_date_then_its_quotes() -> None:
    rendered = RENDERER.outcome(answered(PAIRS[0]))
    check(rendered)
    briefing = LIBRARY.newest
    link = html.escape(source_link(briefing, a_citation()))
    assert rendered.html == (
        "The checkpoint at al-Fugaha was attacked on 23 August 2017.\n\n"
        "<i>As of the briefing of 29 August 2017. The year comes from the publication date.</i>\n"
        f'<blockquote expandable><a href="{link}">Paragraph 1, sentence 1</a> · Geopolitics Alert\n'
        "“fighters attacked the checkpoint”</blockquote>"
    )


def test_the_link_leads_to_the_quoted_words() -> None:
    [link] = check(RENDERER.outcome(answered(PAIRS[0]))).links
    assert (
        link == "https://example.org/libya?a=1&b=2#:~:text=fighters%20attacked%20the%20checkpoint"
    )


def test_a_quote_with_marks_of_its_own_is_quoted_like_any_other() -> None:
    pair = a_pair("x", citations=[a_citation(1, "he said “no” twice")])
    assert "\n“he said “no” twice”</blockquote>" in RENDERER.outcome(answered(pair)).html


def test_a_field_of_the_front_matter_is_called_by_its_name() -> None:
    rendered = RENDERER.outcome(answered(PAIRS[3]))
    assert check(rendered).links == ["https://example.org/libya?a=1&b=2"]
    assert ">From the briefing's front matter: published</a>" in rendered.html
    assert "The year comes" not in rendered.html


@pytest.mark.parametrize(
    ("answer", "sentence", "noted"),
    [
        ("It was on 23 August 2017.", 1, True),
        ("It was in 2017.", 3, False),
        ("It was in December 2016.", 1, False),
        ("It was at night.", 1, False),
    ],
)
def test_the_year_is_explained_where_its_sentence_does_not_have_it(
    answer: str, sentence: int, noted: bool
) -> None:
    quote = "attacked" if sentence == 1 else "21 were killed"
    pair = a_pair("x", answer=answer, citations=[a_citation(sentence, quote)])
    assert ("The year comes" in RENDERER.outcome(answered(pair)).html) is noted


def test_notices_stand_below_the_answer() -> None:
    rendered = RENDERER.outcome(answered(PAIRS[0]), notices=["Late & sorry.", "Cut."])
    lines = visible(rendered.html).split("\n\n")
    assert lines[0] == PAIRS[0].answer
    assert lines[2:4] == ["Late & sorry.", "Cut.\n" + lines[3].partition("\n")[2]]


def test_related_questions_are_unseen_and_three_at_most() -> None:
    briefing = a_briefing(pairs=[a_pair(f"p{n}", f"Is it question number {n}?") for n in range(8)])
    renderer = Renderer(ENGLISH, a_library(briefing))
    outcome = show(renderer.library, briefing.pairs[0])
    assert labels(renderer.outcome(outcome, shown={"p1", "p3", "p4"})) == [
        ["Is it question number 2?"],
        ["Is it question number 5?"],
        ["Is it question number 6?"],
    ]
    assert labels(renderer.outcome(outcome, shown={f"p{n}" for n in range(8)})) == []


def test_an_older_answer_stands_below_with_its_date_and_its_own_quotes() -> None:
    older = a_pair("x", answer="It was <one> day later.", citations=[a_citation(2, "eleven")])
    rendered = RENDERER.outcome(answered(PAIRS[0], older=(older,)))
    check(rendered)
    answer, _, below = rendered.html.partition("An older briefing, of 29 August 2017, said: ")
    assert answer.startswith(PAIRS[0].answer)
    assert answer.count("<blockquote") == 1
    assert below.startswith("It was &lt;one&gt; day later.\n<blockquote")
    assert "“eleven”" in below


def test_a_miss_of_several_briefings_names_the_newest() -> None:
    outcome = Unanswered(
        miss=MissKind.NOT_IN_BRIEFING, briefing=BRIEFING, confidence=0.0, everywhere=True
    )
    said = visible(RENDERER.outcome(outcome).html)
    assert said == "The briefings do not say.\n\nThe newest briefing is of 29 August 2017."


def test_other_readings_and_entities_are_offered_once_each() -> None:
    outcome = answered(
        PAIRS[0],
        related=(PAIRS[2], PAIRS[1]),
        others=(PAIRS[1], ENTITIES[1]),
        entities=("ahmed-mismari", "amaq", "unknown"),
    )
    assert labels(RENDERER.outcome(outcome)) == [
        ["Where was the attack?"],
        ["Amaq"],
        ["How many people were beheaded?"],
        ["Ahmed Mismari"],
    ]


def test_short_names_share_a_row() -> None:
    outcome = answered(PAIRS[3], entities=("ahmed-mismari", "amaq"))
    assert labels(RENDERER.outcome(outcome)) == [["Ahmed Mismari", "Amaq"]]


def test_a_disputed_claim_says_so_and_leads_to_the_other() -> None:
    rendered = RENDERER.outcome(Answered(item=CLAIMS[0], confidence=1.0))
    assert "<i>Sources disagree on this.</i>" in rendered.html
    assert keys(rendered)[0].callback_data == f"c:{BRIEFING}:amaq-toll"


# Questions that cannot be answered straight


def test_an_ambiguous_question_offers_one_reading_a_row() -> None:
    rendered = RENDERER.outcome(Ambiguous(choices=(*ENTITIES, PAIRS[1]), confidence=0.5))
    check(rendered)
    assert rendered.html == "This can mean several things. Which one do you mean?"
    assert labels(rendered) == [["Ahmed Mismari"], ["Amaq"], ["Where was the attack?"]]


def test_readings_too_long_for_a_button_are_listed_in_full() -> None:
    claim = a_claim("long", "Ahmed Mismari said <this> & that, " * 5)
    rendered = RENDERER.outcome(Ambiguous(choices=(claim, ENTITIES[1]), confidence=0.5))
    check(rendered)
    assert f"1. {claim.statement.strip()}" in visible(rendered.html)
    assert visible(rendered.html).endswith("2. Amaq")
    [[first], [second]] = labels(rendered)
    assert first == "1. Ahmed Mismari said <this> & that, Ahmed Mismari said <this>…"
    assert second == "2. Amaq"


@pytest.mark.parametrize(
    ("miss", "said"),
    [
        (MissKind.NOT_IN_BRIEFING, "The briefing does not say."),
        (MissKind.AFTER_ITS_DATE, "The briefing is of 29 August 2017. It cannot say what"),
        (MissKind.OPINION, "That asks for an opinion."),
        (MissKind.PREDICTION, "That asks about the future."),
        (MissKind.TOO_VAGUE, "I am not sure what you mean."),
        (MissKind.NO_SUCH_BRIEFING, "I have no such briefing."),
    ],
)
def test_a_miss_says_of_which_kind_it_is(miss: MissKind, said: str) -> None:
    rendered = RENDERER.outcome(Unanswered(miss=miss, briefing=BRIEFING, confidence=0.1))
    check(rendered)
    assert rendered.html.startswith(said)
    assert "blockquote" not in rendered.html
    assert keys(rendered)[-1].callback_data == f"b:{BRIEFING}"


def test_a_known_gap_speaks_for_itself_and_shows_passages_as_passages() -> None:
    outcome = Unanswered(
        miss=MissKind.NOT_IN_BRIEFING,
        briefing=BRIEFING,
        gap=a_gap(),
        nearest=(a_citation(2, "Spokesman"), a_citation(1, "fighters")),
        related=(PAIRS[2],),
        confidence=0.2,
    )
    rendered = RENDERER.outcome(outcome, shown={"attack-date"})
    assert len(check(rendered).links) == 2
    text = visible(rendered.html)
    assert text.startswith("The briefing does not name the commander.\n\nAs of")
    assert text.index("No answer, but the nearest passages:") < text.index("“Spokesman”")
    assert labels(rendered) == [
        ["How many people were beheaded?"],
        ["Main points of the briefing"],
    ]


def test_smalltalk_is_its_text() -> None:
    rendered = RENDERER.outcome(Smalltalk(topic=a_topic("Hi & <welcome>"), confidence=1.0))
    assert rendered == Rendered("Hi &amp; &lt;welcome&gt;", None)


# Pages and buttons


def test_a_button_shows_what_it_names() -> None:
    rendered = RENDERER.payload(Show("e", BRIEFING, "amaq"))
    assert rendered is not None
    assert rendered.html.startswith("Amaq is a news agency.")
    assert RENDERER.payload(Open(BRIEFING)) == RENDERER.briefing(LIBRARY.newest)


def test_the_button_to_the_latest_opens_what_is_the_latest_when_it_is_pressed() -> None:
    assert RENDERER.payload(Open(None)) == RENDERER.briefing(LIBRARY.newest)


@pytest.mark.parametrize(
    "payload",
    [
        Show("q", BRIEFING, "gone"),
        Show("q", "2016-01-01-gone", "toll"),
        Show("e", BRIEFING, "toll"),
        Open("2016-01-01-gone"),
    ],
)
def test_a_button_to_what_is_gone_shows_nothing(payload: buttons.Payload) -> None:
    assert RENDERER.payload(payload) is None


def test_the_start_offers_the_suggested_questions_and_the_main_points() -> None:
    rendered = RENDERER.start()
    check(rendered)
    assert "<b>The briefing now: Attack in Libya (29 August 2017).</b>" in rendered.html
    assert [str(button.callback_data) for button in keys(rendered)] == [
        f"q:{BRIEFING}:attack-date",
        f"q:{BRIEFING}:attack-place",
        f"q:{BRIEFING}:toll",
        f"b:{BRIEFING}",
    ]


def test_the_help_has_a_line_for_each_command() -> None:
    rendered = RENDERER.help(["ask", "who"])
    check(rendered)
    lines = [ENGLISH.say("help.line", command=n, line=ENGLISH.line(n)) for n in ("ask", "who")]
    assert "\n".join(lines) in rendered.html
    assert "For example: When was the checkpoint attacked?" in rendered.html


def test_a_briefing_shows_its_points_with_their_places_and_what_is_disputed() -> None:
    rendered = RENDERER.briefing(LIBRARY.newest)
    assert len(check(rendered).links) == 3
    assert visible(rendered.html) == (
        "Attack in Libya\n\n29 August 2017 · Geopolitics Alert\n\nCovers 23 to 28 August 2017.\n\n"
        "• Fighters attacked the checkpoint on 23 August 2017.\nParagraph 1, sentence 1\n\n"
        "• How many were hurt is disputed.\nSources disagree on this.\n"
        "Paragraph 1, sentence 2 · Paragraph 1, sentence 3"
    )
    assert len(keys(rendered)) == 3


def test_the_sources_name_author_publisher_rights_and_link_the_article() -> None:
    rendered = RENDERER.sources(LIBRARY.newest)
    assert check(rendered).links == ["https://example.org/libya?a=1&b=2"]
    assert "By Eye On ISIS in Libya.\nPublished by Geopolitics Alert on 29" in rendered.html
    assert "First appeared as: weekly update of 29 August 2017." in rendered.html
    without = Renderer(ENGLISH, a_library(a_briefing(article=an_article(original=""))))
    assert "First appeared" not in without.sources(without.library.newest).html


def test_privacy_says_how_long_it_remembers() -> None:
    assert "for 45 minutes" in RENDERER.privacy(45).html
    check(RENDERER.privacy(1))
    check(RENDERER.about())


def test_about_says_how_often_answers_were_right_or_that_it_is_not_known() -> None:
    found = Measured(
        meaning=False,
        known=Tally(right=6, half=1, missed=2, wrong=1),
        open=Tally(right=3, half=0, missed=0, wrong=5),
        false_answers=4,
        thresholds=thresholds(),
    )

    def about(*measured: Measured) -> str:
        rendered = Renderer(ENGLISH, a_library(replace(a_briefing(), measured=measured))).about()
        check(rendered)
        return " ".join(rendered.html.split())

    said = about(replace(found, meaning=True), found)
    assert "Measured on 18 questions written for the briefing of 29 August 2017" in said
    assert "of 8 that it does not answer, 4 (50 %) got a false answer" in said
    assert "of 10 that it answers, 3 (30 %) got no right one" in said
    assert "Not measured" not in said
    for unlike in ((), (replace(found, meaning=True),), (replace(found, thresholds=("a 1",)),)):
        assert "Not measured" in about(*unlike)
        assert "questions" not in about(*unlike).partition("Not measured")[2]


def test_a_notice_is_its_sentence() -> None:
    assert RENDERER.notice("notice.rate", count=1).html.endswith("1 second, then ask again.")
    with pytest.raises(ValueError, match="wants"):
        RENDERER.notice("notice.rate")
