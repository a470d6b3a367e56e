"""What gives away an opinion, a prediction or a later time; and what asks for facts like that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge import Library, ask, explain
from knowledge.cues import asks_why_now, cue
from knowledge.outcomes import Answered, MissKind, Unanswered
from knowledge.text import fold

OPINIONS = [
    "Was Calder right to vote for the barrier?",
    "Was the council of Marrowby wrong to build it?",
    "Were they wise to wait?",
    "Was it stupid to build on the bank?",
    "Was the mayor right in saying so?",
    "Are the anglers justified in protesting?",
    "Was the mayor justified to say so?",
    "Was it brave of her? Was she foolish for trying?",
    "Should the council have voted?",
    "So should Tom Oakes have spoken at all?",
    "Should the mayor have done more?",
    "Does the mayor deserve better?",
    "Were the anglers right?",
    "Is she a hero?",
    "Who was the worst leader?",
    "Who is really the bigger liar?",
    "Who's the best man for it?",
    "Who is the real villain?",
    "Was Calder braver than Oakes?",
    "So are the anglers more honest than the council?",
    # French
    "Le conseil a-t-il eu raison de voter ?",
    "Les pêcheurs ont-ils tort de protester ?",
    "La maire a eu tort de voter",
    "Calder avait raison de le dire",
    "À ton avis, est-ce bien ?",
    # Italian
    "Il consiglio ha fatto bene a votare?",
    "Calder ha avuto ragione di votare?",
    "Hanno fatto male ad aspettare?",
    "Calder aveva torto a dirlo?",
    "Secondo te va bene?",
    # Arabic
    "هل العمدة على حق؟",
    "هل مجلس المدينة محق؟",
    "هل العمدة مخطئ؟",
    "ما رأيك في السد؟",
]
PREDICTIONS = [
    "Will the barrier ever fail?",
    "Who will win?",
    "Will the anglers give up?",
    "Will the mayor of Marrowby resign?",
    "What will happen to the salmon?",
    "How likely is another flood?",
    "Which town will the anglers hit next?",
    "Who is the next victim?",
    # French, Italian, Arabic
    "Qui gagnera ?",
    "Le conseil va-t-il perdre ? Que va se passer ?",
    "Chi vincerà?",
    "Cosa succederà?",
    "من سيفوز؟",
    "ماذا سيحدث للسد؟",
]
LATER = [
    "Is the mayor still for it?",
    "Are the anglers there still angry?",
    "So is Ines Calder still there?",
    "Isn't the council still sitting?",
    "Who is the mayor now?",
    "Who votes these days?",
    "Has it flooded since this was written?",
    "Who was the last mayor of Marrowby before that?",
    "What was voted this year?",
    "Qui est la maire aujourd'hui ?",
    "Chi è il sindaco adesso?",
    "من هو العمدة الآن؟",
]
FACTS = [
    "Has the right to vote been granted?",
    "Was the right to fish taken away?",
    "Did he have the right to vote?",
    "Was a right to appeal granted?",
    "Were they granted any right to fish?",
    "Is the right bank of the river flooded?",
    "What did Calder say should be done?",
    "What did Oakes say the council should have done?",
    "What should the council do, according to Oakes?",
    "Which way should I spell it?",
    "When will the bridge reopen?",
    "How much will the barrier cost?",
    "Will there be a vote?",
    "Who is going to build it?",
    "Was the mayor still for it in February?",
    "Did they still vote?",
    "Why was the council still sitting at midnight?",
    "Who is to speak to the council?",
    "Was it wrong, the figure of 12 million?",
    "Who voted in these days?",
    "What was voted on each of these days?",
    "Who voted on all of these days?",
    "Who voted on both of these days?",
    "What was voted earlier this year?",
    "What had flooded already this month?",
    "Who was on the council before?",
    "Who was the leader?",
    "What will be built next to the mill?",
    "Was the water higher than in 1998?",
    "Who is the better known of them?",
    # French, Italian, Arabic
    "Pour quelle raison le conseil a-t-il voté ?",
    "Quelle est la raison de l'accord ?",
    "À qui le juge a-t-il donné raison ?",
    "Per quale ragione ha votato il consiglio?",
    "Quanto bene ha fatto la diga?",
    "هل صوت المجلس على السد؟",
    "ما سبب الخطأ؟",
    "ما هو حق التصويت؟",
]


@pytest.mark.parametrize("text", OPINIONS)
def test_whether_somebody_was_right_is_an_opinion(text: str) -> None:
    assert cue(fold(text)) is MissKind.OPINION


@pytest.mark.parametrize("text", PREDICTIONS)
def test_how_it_ends_is_a_prediction(text: str) -> None:
    assert cue(fold(text)) is MissKind.PREDICTION


@pytest.mark.parametrize("text", LATER)
def test_what_still_is_comes_after_any_briefing(text: str) -> None:
    assert cue(fold(text)) is MissKind.AFTER_ITS_DATE


@pytest.mark.parametrize("text", FACTS)
def test_a_fact_in_words_like_these_is_none_of_them(text: str) -> None:
    assert cue(fold(text)) is None


BY_KIND = (
    (MissKind.OPINION, OPINIONS),
    (MissKind.PREDICTION, PREDICTIONS),
    (MissKind.AFTER_ITS_DATE, LATER),
    (None, FACTS),
)


def test_reading_a_question_leaves_its_cue(town: Library) -> None:
    """Cues are sought in a question as it is mended, and else as it was."""
    lost = []
    for miss, texts in BY_KIND:
        for text in texts:
            read = town.understanding.read(text)
            if (cue(fold(read.text)) or cue(fold(read.asking))) is not miss:
                lost.append(text)

    assert lost == []


@pytest.mark.parametrize(
    "question",
    [
        "What did the council do after 4 March 2021?",
        "What has the council done since 4 March 2021?",
        "What came of it following 4 March 2021?",
        "What happened after the 4th of March 2021?",
        "What was voted on 5 March 2021?",
        "Qu'a fait le conseil après le 4 mars 2021 ?",
        "Qu'a fait le conseil depuis le 4 mars 2021 ?",
        "Che ha fatto il consiglio dopo il 4 marzo 2021?",
        "ماذا فعل المجلس بعد 4 مارس 2021؟",
        "ماذا فعل المجلس منذ يوم 4 مارس 2021؟",
    ],
)
def test_what_comes_after_the_briefings_own_day_it_cannot_say(town: Library, question: str) -> None:
    """It is of 4 March 2021."""
    outcome = ask(town, question)

    assert isinstance(outcome, Unanswered)
    assert outcome.miss is MissKind.AFTER_ITS_DATE


def test_a_phrasing_that_asks_of_a_later_time_in_the_same_words_has_its_answer(
    town: Library,
) -> None:
    """And no other one has it: that of the day itself asks of something else."""
    briefing = town.newest
    asked = ("planned-after", "what is planned after 4 March 2021")
    on_it = ("planned-then", "what is planned on 4 March 2021")
    more = [
        replace(briefing.pair["vote-when"], id=id_, phrasings=(text,), answer=f"{id_.title()}.")
        for id_, text in (asked, on_it)
    ]
    question = "what then is planned after 4 March 2021?"
    both = Library([replace(briefing, pairs=(*briefing.pairs, *more))])
    one = Library([replace(briefing, pairs=(*briefing.pairs, more[1]))])
    outcome, missed = ask(both, question), ask(one, question)

    assert isinstance(outcome, Answered)
    assert outcome.item.id == "planned-after"
    assert isinstance(missed, Unanswered)
    assert missed.miss is MissKind.AFTER_ITS_DATE


@pytest.mark.parametrize(
    "question",
    [
        "What was published on 4 March 2021?",
        "What was known by 4 March 2021?",
        "What did the council do after 3 March 2021?",
        "What did the council do since December 1998?",
        "After the vote, what was published on 4 March 2021?",
        "Qu'a fait le conseil le 4 mars 2021 ?",
        "Qu'a fait le conseil après le 3 mars 2021 ?",
        "Che ha fatto il consiglio il 4 marzo 2021?",
        "ماذا فعل المجلس يوم 4 مارس 2021؟",
    ],
)
def test_its_own_day_and_those_before_it_may_be_told_of(town: Library, question: str) -> None:
    assert explain(town, question).reason != "cued"


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("Why did the council vote now?", True),
        ("Why did the council vote right now?", True),
        ("Why a vote today?", True),
        ("Pourquoi ce vote maintenant ?", True),
        ("لماذا التصويت الآن؟", True),
        ("Why is Calder still the mayor now?", False),
        ("Why is it now over?", True),
        ("Why did they vote this year?", False),
    ],
)
def test_a_closing_now_may_be_all_that_tells_of_another_time(question: str, alone: bool) -> None:
    assert asks_why_now(fold(question)) is alone


@pytest.mark.parametrize(
    ("question", "declined"),
    [
        ("Why did the council vote now?", False),
        ("Why did the council vote today?", False),
        ("Who votes in the council now?", True),
        ("Why is Calder still the mayor now?", True),
    ],
)
def test_why_now_asks_for_the_reasons_of_those_days(
    town: Library, question: str, declined: bool
) -> None:
    assert (explain(town, question).reason == "cued") is declined


@pytest.mark.parametrize(
    ("question", "declined"),
    [
        ("Who was the leader before Ines Calder?", True),
        ("Who was it that the council heard before Ines Calder?", False),
        ("Who was on the bank before the vote?", False),
        ("Who was there before Marrowby?", False),
        ("Who voted before Calder?", False),
        ("Was Oakes there before Calder?", False),
    ],
)
def test_who_was_there_before_somebody_is_not_told(
    town: Library, question: str, declined: bool
) -> None:
    """Of a person alone, and of who held a place, not of who came first to do something."""
    assert (explain(town, question).reason == "cued") is declined


def test_what_opens_as_so_does_is_no_now() -> None:
    assert cue(fold("توا المجلس صوت على الحاجز؟")) is None
    assert cue(fold("من يحكم المدينة توا؟")) is MissKind.AFTER_ITS_DATE


def test_how_something_is_called_in_the_end_is_no_later_time() -> None:
    assert cue(fold("How is the barrier described in the end?")) is None
    assert cue(fold("What did they build in the end?")) is MissKind.AFTER_ITS_DATE
