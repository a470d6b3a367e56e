"""A reader's words read in the terms of a store: kind, asking part, names, strangers."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from knowledge import Library, ask
from knowledge.kinds import BY_WHOM_TERM, asks, kind_of, opener_and_rest, split_setting
from knowledge.message import heading_and_questions, of_each
from knowledge.model import EntityType, QAPair
from knowledge.model import QuestionKind as K
from knowledge.openers import QUESTION_OPENERS, TAGS
from knowledge.outcomes import Answered, Unanswered
from knowledge.question import Question, name_in
from knowledge.text import fold, words

ENGLISH = [
    ("Who won?", K.WHO),
    ("who's the mayor", K.WHO),
    ("Whose boat is it?", K.WHO),
    ("To whom was it given?", K.WHO),
    ("By whom was it built?", K.WHO),
    ("Which person came?", K.WHO),
    ("What happened?", K.WHAT),
    ("what's the price", K.WHAT),
    ("When was the vote?", K.WHEN),
    ("What day was the vote?", K.WHEN),
    ("On which day was the vote?", K.WHEN),
    ("At what time was the vote?", K.WHEN),
    ("Where is the river?", K.WHERE),
    ("In which town was the vote?", K.WHERE),
    ("How many were against?", K.HOW_MANY),
    ("How much does it cost?", K.HOW_MANY),
    ("how long is it", K.HOW_MANY),
    ("how far is it", K.HOW_MANY),
    ("number of councillors", K.HOW_MANY),
    ("How was it decided?", K.HOW),
    ("Why was it built?", K.WHY),
    ("how come it was built", K.WHY),
    ("What made them build it?", K.WHY),
    ("And what led to the vote?", K.WHY),
    ("What makes up the council?", K.WHAT),
    ("wen was it built", K.WHEN),
    ("Which cities have one?", K.WHERE),
    ("reason for the vote", K.WHY),
    ("Which mayor came?", K.WHICH),
    ("List the visits", K.LIST),
    ("Is it open?", K.WHETHER),
    ("Did the council vote?", K.WHETHER),
    ("Hasn't the mayor left?", K.WHETHER),
    ("Was it Lind or Voss who won?", K.WHETHER),
    # politeness first
    ("Could you tell me who won?", K.WHO),
    ("Please tell me when it opened.", K.WHEN),
    ("Hi, where is the river?", K.WHERE),
    ("Hello! Please, why?", K.WHY),
    ("Do you know when the vote was?", K.WHEN),
    ("Sorry but did the council vote? Thanks", K.WHETHER),
    ("According to the article, how many were against?", K.HOW_MANY),
    # the asking clause is not the first
    ("And when was that?", K.WHEN),
    ("but why?", K.WHY),
    ("After the flood, who helped?", K.WHO),
    ("the barrier: when was it voted?", K.WHEN),
    ("The barrier - what does it cost?", K.WHAT),
    # a statement that is put as a question
    ("The council voted, right?", K.WHETHER),
    ("so all the councillors agreed?", K.WHETHER),
    ("Who won, right?", K.WHO),
    ("The council voted, is that so?", K.WHETHER),
    # keywords and statements
    ("the vote?", None),
    ("barrier cost", None),
    ("Ines Calder", None),
    ("the council voted.", None),
    ("Tell me about the barrier", None),
    ("Whatever", None),
    ("", None),
    ("?!", None),
]
FOREIGN = [
    ("من فاز؟", K.WHO),
    ("متى كان التصويت؟", K.WHEN),
    ("أين النهر؟", K.WHERE),
    ("كم عدد الأعضاء؟", K.HOW_MANY),
    ("لماذا بني السد؟", K.WHY),
    ("ماذا حدث؟", K.WHAT),
    ("كيف حدث ذلك؟", K.HOW),
    ("أي مدينة؟", K.WHERE),
    ("هل صوت المجلس؟", K.WHETHER),
    ("مرحبا، هل صوت المجلس؟", K.WHETHER),
    ("شكون فاز؟", K.WHO),
    ("شن صار؟", K.WHAT),
    ("وين النهر؟", K.WHERE),
    ("علاش؟", K.WHY),
    ("قداش عددهم؟", K.HOW_MANY),
    ("Qui a gagné ?", K.WHO),
    ("Quand était le vote ?", K.WHEN),
    ("À quelle date ?", K.WHEN),
    ("Où est le fleuve ?", K.WHERE),
    ("D'où vient-il ?", K.WHERE),
    ("Combien de voix ?", K.HOW_MANY),
    ("Pourquoi ?", K.WHY),
    ("Comment ?", K.HOW),
    ("Quelle ville ?", K.WHERE),
    ("Que s'est-il passé ?", K.WHAT),
    ("Qu'est-ce qui s'est passé ?", K.WHAT),
    ("Est-ce que le conseil a voté ?", K.WHETHER),
    ("Bonjour, qui a gagné ?", K.WHO),
    ("Chi ha vinto?", K.WHO),
    ("Quando?", K.WHEN),
    ("Dove si trova?", K.WHERE),
    ("Dov'è il fiume?", K.WHERE),
    ("Quanti voti?", K.HOW_MANY),
    ("Perché?", K.WHY),
    ("Come?", K.HOW),
    ("Quale città?", K.WHERE),
    ("Che cosa è successo?", K.WHAT),
    ("shkoun fez?", K.WHO),
    ("emta?", K.WHEN),
    ("win el wad?", K.WHERE),
    ("gaddash?", K.HOW_MANY),
    ("3lash?", K.WHY),
    ("shnu sar?", K.WHAT),
    ("kif?", K.HOW),
    ("hal sawwat el majles?", K.WHETHER),
    ("ومتى كان التصويت؟", K.WHEN),
    ("مين فاز؟", K.WHO),
    ("وقتاش كان التصويت؟", K.WHEN),
    ("ما موعد التصويت؟", K.WHEN),
    ("لوين مشى العمدة؟", K.WHERE),
    ("في أي مكان كان التصويت؟", K.WHERE),
    ("ما المسافة بين النهر والمدينة؟", K.HOW_MANY),
    ("ما الغاية من السد؟", K.WHY),
    ("المجلس صوت على السد، صح؟", K.WHETHER),
    ("خرج العمدة من المدينة بعد التصويت؟", K.WHETHER),
    ("Quelle est la date du vote ?", K.WHEN),
    ("le vote c'était où ?", K.WHERE),
    ("un oui ou un non au conseil", None),
    ("À qui appartient le barrage ?", K.WHO),
    ("À combien s'élève le coût ?", K.HOW_MANY),
    ("Dans quel but a-t-on voté ?", K.WHY),
    ("Le conseil a-t-il voté pour le barrage ?", K.WHETHER),
    ("In che data hanno votato?", K.WHEN),
    ("In quale luogo hanno votato?", K.WHERE),
    ("Per quale motivo hanno votato?", K.WHY),
    ("Il consiglio ha votato per la diga?", K.WHETHER),
    ("ween kan et-taswit?", K.WHERE),
    ("wagtash kan et-taswit?", K.WHEN),
    ("el majles sawwat, sa7?", K.WHETHER),
]


@pytest.mark.parametrize(("text", "kind"), ENGLISH)
def test_an_english_question_tells_what_it_asks_for(text: str, kind: K | None) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(("text", "kind"), FOREIGN)
def test_a_question_in_another_language_tells_what_it_asks_for(text: str, kind: K) -> None:
    assert kind_of(text) is kind


def test_an_opener_is_found_whole_whatever_shorter_one_it_begins_with() -> None:
    for opener, _ in QUESTION_OPENERS:
        assert opener_and_rest(f"{opener} Zeidan") == (" ".join(words(opener)), "zeidan")


@given(st.from_regex(TAGS, fullmatch=True))
@settings(max_examples=200, deadline=None)
def test_whatever_closes_a_statement_so_asks_whether(tag: str) -> None:
    text = f"Zeidan {tag}"
    assume(re.search(TAGS, fold(text)))  # folding makes letters of some signs
    assert kind_of(text) is K.WHETHER


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Who voted?", {"?who"}),
        ("How many were against, and when?", {"?how-many", "?when"}),
        ("How much was it?", {"?how-many"}),
        ("Was it built?", {"?whether"}),
        ("كم عدد الأعضاء؟", {"?how-many"}),
        ("Ines Calder", set()),
        ("", set()),
    ],
)
def test_question_words_are_terms_of_their_own(text: str, terms: set[str]) -> None:
    assert set(asks(text)) == terms


@pytest.mark.parametrize(
    "text",
    [
        "Who says that it harms the salmon?",
        "Who exactly said so?",
        "Who actually stated that?",
        "Who was it that reported the flood?",
        "Which agency reported it?",
        "So who says that the council knew of it?",
        "According to whom does it harm the salmon?",
        "It harms the salmon, according to which anglers?",
        "Whose word is it that it harms the salmon?",
        "On whose account is it so?",
        "What is it, according to what?",
        "Selon qui le barrage nuit au saumon ?",
        "D'après qui est-ce vrai ?",
        "Qui l'a dit ?",
        "Qui affirme cela ?",
        "Secondo chi fa male al salmone?",
        "Chi lo ha detto?",
        "من قال ذلك؟",
        "شكون اللي قال؟",
        "حسب من حدث ذلك؟",
        "shkoun gal hakka?",
    ],
)
def test_whose_word_it_is_is_not_who_did_it(text: str) -> None:
    """By-whom stands for who, which and what; nobody is asked for who did it."""
    found = asks(text)

    assert BY_WHOM_TERM in found
    assert {"?who", "?which", "?what"}.isdisjoint(found)


@pytest.mark.parametrize(
    "text",
    [
        "Who voted?",
        "Who was told of it?",
        "What did the mayor say?",
        "Whose barrier is it?",
        "By whom was it built?",
        "When did the mayor say so?",
        "Did the mayor say who voted?",
        "According to the mayor, who voted?",
        "من فاز؟",
        "Qui a gagné ?",
        "Chi ha vinto?",
    ],
)
def test_who_did_it_is_not_whose_word_it_is(text: str) -> None:
    assert BY_WHOM_TERM not in asks(text)


def test_what_else_is_asked_with_whose_word_it_is_stays() -> None:
    assert asks("When was it, according to whom?") == ("?when", BY_WHOM_TERM)
    assert asks("Who says who was there?") == ("?who", BY_WHOM_TERM)
    assert kind_of("Who says so?") is K.WHO


def test_what_asks_who_did_it_never_asks_whose_word_it_is(library: Library) -> None:
    """Texts that lead to a target by one of them are of another kind than the other asks for."""
    briefing = library.newest
    pier, help_ = briefing.pair["pier-unsafe"], briefing.pair["help-offered"]
    said = replace(
        pier,
        phrasings=(
            "Who said that the pier was unsafe?",
            "according to whom is the pier unsafe",
            "whose word is it that the pier is unsafe",
        ),
    )
    did = replace(
        help_,
        phrasings=(
            "Who made the pier unsafe?",
            "which mayor left the pier unsafe",
            "who is it that left the pier",
        ),
    )
    asked = Library([replace(briefing, pairs=(said, did), suggested=())])

    def heard(text: str) -> set[str]:
        hits = asked.index.search(read(asked, text), 10)
        assert len([h for h in hits if isinstance(h.target, QAPair)]) == 2
        return {h.target.id for h in hits if isinstance(h.target, QAPair) and not h.unheard}

    assert heard("Who stated that the pier was unsafe?") == {"pier-unsafe"}
    assert heard("Who is it that made the pier unsafe?") == {"help-offered"}


SETTINGS = [
    ("When she had left, who took the chair?", "When she had left, ", K.WHO),
    ("After the vote, when was it built?", "After the vote, ", K.WHEN),
    ("and before they voted, of whom did he warn?", "and before they voted, ", K.WHO),
    ("If the river rises, is there a barrier?", "If the river rises, ", K.WHETHER),
    ("Where the river bends, how many were there?", "Where the river bends, ", K.HOW_MANY),
    ("So as the mayor said it, why?", "So as the mayor said it, ", K.WHY),
    ("WHILE THEY SPOKE, WHAT CAME?", "WHILE THEY SPOKE, ", K.WHAT),
    ("Although it is dear, did they vote for it?", "Although it is dear, ", K.WHETHER),
    # no settings
    ("When was it, and who was there?", "", K.WHEN),
    ("When exactly, who knows?", "", K.WHEN),
    ("Where on the river, what place?", "", K.WHERE),
    ("When, where and how was it?", "", K.WHEN),
    ("When she had left who took the chair?", "", K.WHEN),
    ("When she had left, the mayor took the chair", "", K.WHEN),
    ("When she left. Who came, who went?", "", K.WHEN),
    ("Who took the chair, when she had left?", "", K.WHO),
]


@pytest.mark.parametrize(("text", "setting", "kind"), SETTINGS)
def test_a_clause_that_says_when_does_not_ask_when(text: str, setting: str, kind: K) -> None:
    assert split_setting(text) == (setting, text[len(setting) :])
    assert kind_of(text) is kind


def test_the_question_words_of_a_setting_are_none() -> None:
    assert asks("When she had left, who took the chair?") == ("?who",)
    assert asks("Who took the chair when she had left?") == ("?who", "?when")


PIECES_OF_TEXT = st.lists(
    st.sampled_from(
        "when after if While and so , , who what was the mayor left ? . : \n أ".split(" ")
    ),
    max_size=14,
).map(" ".join)


@given(st.text(max_size=60) | PIECES_OF_TEXT | PIECES_OF_TEXT.map(lambda t: t.replace(" ,", ",")))
def test_a_setting_and_its_question_are_the_whole_text(text: str) -> None:
    """Neither is empty where there is a setting; the question has none of its own opening it."""
    setting, question = split_setting(text)

    assert setting + question == text
    assert question or not text
    if setting:
        assert setting.endswith(", ")
        assert question.strip()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Who is Mara Lind?", "mara lind"),
        ("who was Mara Lind", "mara lind"),
        ("Who's Mara Lind?", "mara lind"),
        ("whos lind", "lind"),
        ("What is the harbour union?", "harbour union"),
        ("What does HU stand for?", "hu"),
        ("tell me about Mara Lind", "mara lind"),
        ("about Port Alba", "port alba"),
        ("Who or what is Esk?", "esk"),
        ("So who is Lind anyway?", "lind"),
        ("Who is the mayor in this article?", "mayor"),
        ("Mara Lind", "mara lind"),
        ("“Mara Lind”?", "mara lind"),
        ("Qui est Mara Lind ?", "mara lind"),
        ("c'est qui Lind ?", "lind"),
        ("Chi è Mara Lind?", "mara lind"),
        ("من هي مارا ليند؟", "مارا ليند"),
        ("شكون مارا ليند؟", "مارا ليند"),
        ("meno howa lind", "lind"),
        ("Mara Lind, remind me who that is", "mara lind"),
        ("Mara Lind: tell me who she is?", "mara lind"),
        ("the harbour union, what that is", "the harbour union"),
        ("mnu Mara Lind hada?", "mara lind"),
        ("shkoun Lind", "lind"),
        ("Lind hedha", "lind"),
        ("Chi sarebbe Mara Lind?", "mara lind"),
        ("cosa sarebbero i traghetti", "traghetti"),
        ("", ""),
    ],
)
def test_a_question_that_only_names_somebody_gives_the_name(text: str, name: str) -> None:
    assert name_in(fold(text)) == name


def read(library: Library, text: str) -> Question:
    """What *text* asks, in the terms of *library*."""
    return library.understanding.read(text)


@pytest.mark.parametrize(
    "message",
    [
        "I live in Marrowby. My boat is here. When did the council vote?",
        "When did the council vote? My boat is in Marrowby.",
        "My boat is in Marrowby!\nWhen did the council vote?",
        "My boat is in Marrowby.\nWhen did the council vote",
    ],
)
def test_a_long_message_asks_with_its_asking_sentence_alone(town: Library, message: str) -> None:
    alone = read(town, "When did the council vote?")
    question = read(town, message)

    assert question.whole == message
    assert question.terms == alone.terms
    assert question.kind is K.WHEN
    assert question.text == alone.text
    assert "boat" in question.background
    assert "marrowby" in question.entities


def test_a_message_that_asks_nowhere_is_all_of_it_the_question(town: Library) -> None:
    question = read(town, "The council voted. The barrier costs a lot.")

    assert question.background == ()
    assert len(question.terms) >= 4


@pytest.mark.parametrize(
    ("text", "strangers"),
    [
        ("When did Bob Miller vote?", ("bob", "miller")),
        ("When did the council of Oslo vote?", ("oslo",)),
        ("When did Oslo's mayor vote?", ("oslo",)),
        ("Did the vote take 77 days?", ("77",)),
        ("Was the vote in 2025?", ("2025",)),
        ("Did ٧٧ councillors vote?", ("٧٧",)),
        ("When did Ines Calder vote?", ()),
        ("Did Oakes mention the Esk?", ()),
        ("Was it decided on 3 March?", ()),
        ("Did seven vote for it, or 7?", ()),
        ("Did it cost €12 million?", ()),
        ("DID THE COUNCIL OF OSLO VOTE?", ()),
        ("3lash 9aletha 7aftar?", ()),
        ("when did the cuoncil vote?", ()),
        ("Tell me in 10 min: when did the council vote?", ()),
        ("Answer within 5 minutes please: when was the vote?", ()),
    ],
)
def test_names_and_numbers_that_the_store_does_not_know_are_strangers(
    town: Library, text: str, strangers: tuple[str, ...]
) -> None:
    """One that is written all in capitals shows no names."""
    assert read(town, text).strangers == strangers


@pytest.fixture(scope="module")
def asked_of_oslo(town: Library) -> Library:
    """The town's briefing, in which one gap asks of Oslo and a pair denies that of Bergen."""
    briefing = town.newest
    gap = replace(briefing.gaps[0], phrasings=("Did the mayor go to Oslo?", "any trip in 2020"))
    denied = replace(
        next(p for p in briefing.pairs if p.kind is K.WHETHER),
        phrasings=("Was the vote held in Bergen?",),
        answer="No. The town council of Marrowby voted on 3 March.",
    )
    pairs = tuple(denied if p.id == denied.id else p for p in briefing.pairs)
    return Library([replace(briefing, gaps=(gap,), pairs=pairs)])


@pytest.mark.parametrize(
    ("text", "strangers"),
    [
        ("Did the council vote in Oslo?", ("oslo",)),
        ("did the council vote in oslo", ("oslo",)),
        ("Was the barrier built in Bergen?", ("bergen",)),
        ("Did they vote in 2020?", ("2020",)),
        ("Did the mayor make a trip?", ()),
        ("Was it held. Trip or no trip?", ()),
    ],
)
def test_a_name_that_only_an_unanswered_question_holds_is_a_stranger(
    asked_of_oslo: Library, text: str, strangers: tuple[str, ...]
) -> None:
    assert read(asked_of_oslo, text).strangers == strangers


def test_a_gap_that_asks_of_a_stranger_still_takes_its_question(asked_of_oslo: Library) -> None:
    outcome = ask(asked_of_oslo, "Has the mayor gone to Oslo?")

    assert isinstance(outcome, Unanswered)
    assert outcome.gap is asked_of_oslo.newest.gaps[0]


def test_names_are_known_by_any_alias_and_shared_ones_are_doubtful(town: Library) -> None:
    assert read(town, "Did Mayor Calder meet Dr Oakes?").entities == ("ines-calder", "tom-oakes")
    assert read(town, "How long is the Esk?").doubtful == (("tom-oakes", "river-esk"),)
    assert read(town, "How long is the Esk?").entities == ()


def test_words_of_one_vocabulary_group_are_one_term(town: Library) -> None:
    terms = {read(town, f"the {word}?").terms for word in ("barrier", "wall", "dams", "Barriers")}

    assert len(terms) == 1


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('Who said "would harm the salmon"?', ("would harm the salmon",)),
        ("Who said “would harm the Salmon.”?", ("would harm the salmon",)),
        ("Who said «would harm the salmon»?", ("would harm the salmon",)),
        ("Who said 'would harm the salmon'?", ()),
        ("Who said “no”?", ()),
    ],
)
def test_a_quotation_of_some_length_is_kept(
    town: Library, text: str, quoted: tuple[str, ...]
) -> None:
    assert read(town, text).quoted == quoted


def test_a_follow_up_points_back_and_a_whole_question_does_not(town: Library) -> None:
    assert read(town, "And when was that?").points_back
    assert read(town, "Did she agree?").points_back
    assert not read(town, "When did the council of Marrowby vote?").points_back


@given(st.text(max_size=120))
@settings(max_examples=200, deadline=None)
def test_any_text_can_be_read(town: Library, text: str) -> None:
    question = read(town, text)

    assert question.whole == text
    assert all(term and " " not in term for term in question.terms)
    assert read(town, text) == question


@pytest.mark.parametrize("text", ["", " ", "\n\n", "?", "hello", "\u200b", "\0", "🙂"])
def test_what_has_no_words_has_no_terms(town: Library, text: str) -> None:
    assert read(town, text).terms == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Who voted, and on what day?", ["Who voted", "on what day"]),
        ("What does it cost, plus who pays for the barrier?",
         ["What does it cost", "who pays for the barrier"]),
        ("Name the mayor. Also, when was the vote?", ["Name the mayor", "when was the vote"]),
        ("When, where and how did they vote for the barrier?",
         ["when did they vote for the barrier", "where did they vote for the barrier",
          "how did they vote for the barrier"]),
        ("Who voted for the barrier, and when?", ["Who voted for the barrier", "when"]),
        ("What is the barrier, and what was it about?",
         ["What is the barrier", "what was it about"]),
        ("Tell me who warned of the barrier and the name of the mayor.",
         ["Tell me who warned of the barrier", "the name of the mayor"]),
        ("Two things: who is the mayor, and when was the vote?",
         ["who is the mayor", "when was the vote"]),
        ("What do we learn of the council: when did it vote and with whom does it quarrel?",
         ["when did it vote", "with whom does it quarrel"]),
        ("Qui a voté et combien coûte le barrage ?", ["Qui a voté", "combien coûte le barrage"]),
        ("Chi ha votato e quando?", ["Chi ha votato", "quando"]),
        ("من صوت للسد وكم التكلفة؟", ["من صوت للسد", "كم التكلفة"]),
        ("من صوت للسد؟ كم التكلفة؟", ["من صوت للسد", "كم التكلفة"]),
        ("من صوت للسد؟ How much is the barrier?", ["من صوت للسد", "How much is the barrier"]),
        ("Name the mayor. من صوت للسد؟", ["Name the mayor", "من صوت للسد"]),
        ("Hello. Who voted, and when was the vote?", ["Who voted", "when was the vote"]),
        ("State TV said so. Who voted, and when?", ["Who voted", "when"]),
        ("Name calling went on. Who voted, and when?", ["Who voted", "when"]),
        ("Was it? Who was for the barrier it was? When?",
         ["Who was for the barrier it was", "When"]),
    ],
)  # fmt: skip
def test_a_message_is_cut_into_its_questions_and_orders(
    town: Library, text: str, parts: list[str]
) -> None:
    found = town.understanding.parts(read(town, text)).questions

    assert [part.whole for part in found] == parts


@pytest.mark.parametrize(
    "text",
    [
        "Give me the location and date of the vote.",
        "Was the vote unanimous, or what?",
        "Did the mayor vote, and if so when?",
        "Who are Calder and Oakes?",
        "Who voted on the barrier and the bridge?",
        "Did the vote go on and on?",
        "Was the mayor for the barrier and for the bridge?",
        "What do the vote in March and in May have in common?",
        "What is the difference in tone between the vote in March and in May?",
        "Who walked the road from the mill to the bridge and to the barrier?",
        "What was said in the council and in particular on the barrier?",
        "What was said on the barrier and on the old bridge that nobody had ever repaired?",
        "The bridge and the one who built it?",
        "When: the vote of the council?",
        "The council voted. Who was for it and against it?",
        "Ines Calder, what did each of them say?",
        "When the mayor and the angler met, what did each say?",
        "a, b, c, d, e, f and g: what is each?",
    ],
)
def test_a_single_question_is_not_torn_apart(town: Library, text: str) -> None:
    question = read(town, text)

    assert len(town.understanding.parts(question).questions) < 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "What did the mayor say on the barrier and on the bridge?",
            ["What did the mayor say on the barrier?", "What did the mayor say on the bridge?"],
        ),
        (
            "Sum up what was said on the vote, on the bridge, and then on the barrier.",
            [
                "Sum up what was said on the vote.",
                "Sum up what was said on the bridge.",
                "Sum up what was said on the barrier.",
            ],
        ),
        (
            "The mayor on the bridge and on the barrier: what is her line on each?",
            [
                "The mayor on the bridge: what is her line on each?",
                "The mayor on the barrier: what is her line on each?",
            ],
        ),
        (
            "Describe the two votes, the one of March and the one three days later.",
            [
                "Describe the two votes, the one of March.",
                "Describe the two votes, the one three days later.",
            ],
        ),
        (
            "The barrier comes up twice: in the vote and in the mayor's letter. How?",
            [
                "The barrier comes up twice: in the vote. How?",
                "The barrier comes up twice: in the mayor's letter. How?",
            ],
        ),
        (
            "Ines Calder and Tom Oakes, what does each do?",
            ["what does Ines Calder do?", "what does Tom Oakes do?"],
        ),
        (
            "The mayor, the council and the anglers: what was the line of each of them?",
            [
                "what was the line of The mayor?",
                "what was the line of the council?",
                "what was the line of the anglers?",
            ],
        ),
        (
            "On 3 March and 4 March, what was said on each day?",
            ["what was said on 3 March?", "what was said on 4 March?"],
        ),
    ],
)
def test_one_question_of_several_things_is_asked_of_each(
    town: Library, text: str, parts: list[str]
) -> None:
    found = town.understanding.parts(read(town, text)).questions

    assert [part.whole for part in found] == parts


@pytest.mark.parametrize(
    "piece", ["on a, ", "on a b c d e f g ", "on a and ", "the one a b and ", "a, each "]
)
def test_however_long_what_is_said_side_by_side_is_cut_up_at_once(piece: str) -> None:
    started = time.process_time()
    of_each(piece * (4000 // len(piece)))

    assert time.process_time() - started < 0.2


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("On the vote: who was for it and who against?", "On the vote"),
        ("The barrier is dear. Who pays for it, and when?", "The barrier is dear."),
        ("Who was for it and who against?", ""),
        ("Hello. Who was for it, and who against?", ""),
        ("السلام عليكم. من صوت للسد؟ كم التكلفة؟", ""),
        ("State TV said so. Who was for it, and who against?", "State TV said so."),
        ("When the council voted, who was for it and who against?", "When the council voted"),
        (
            "The barrier is dear. After the vote, who was for it, and who against?",
            "The barrier is dear. After the vote",
        ),
        ("On the vote: when they met, who was for it and who against?", "On the vote"),
        ("It was dear. Was it? It was. Who pays?", "It was dear. It was."),
        (
            "The barrier is dear. On the vote: who was for it, who against?",
            "The barrier is dear. On the vote",
        ),
    ],
)
def test_what_questions_are_about_may_stand_before_them(
    town: Library, text: str, heading: str
) -> None:
    assert town.understanding.parts(read(town, text)).heading == heading


@pytest.mark.parametrize(
    ("text", "heading", "questions"),
    [
        (
            "The boatman who was fined, what is his name, and where does he live?",
            "The boatman who was fined",
            ["what is his name", "where does he live"],
        ),
        (
            "The town was flooded. The bridge that fell, who built it, and when?",
            "The town was flooded. The bridge that fell",
            ["who built it", "when"],
        ),
        ("The mayor, who is she, and when did they vote?", "The mayor",
         ["who is she", "when did they vote"]),
        ("Who was fined, and what is his name?", "", ["Who was fined", "what is his name"]),
        ("Which boatman was fined, and where does he live?", "",
         ["Which boatman was fined", "where does he live"]),
        ("The name of the boatman who was fined, and where does he live?", "",
         ["The name of the boatman who was fined", "where does he live"]),
        ("Full names of the two, and where they live?", "",
         ["Full names of the two", "where they live"]),
        ("Names of the boatmen, and where do they live?", "",
         ["Names of the boatmen", "where do they live"]),
        ("The boatman who was fined?", "", ["The boatman who was fined"]),
        (
            "Besides what Calder said, what else was told, and by whom?",
            "Besides what Calder said",
            ["what else was told", "by whom"],
        ),
        ("Apart from who voted, who else was there?", "Apart from who voted",
         ["who else was there"]),
        ("What was told besides what Calder said, and by whom?", "",
         ["What was told besides what Calder said", "by whom"]),
    ],
)  # fmt: skip
def test_what_is_named_before_a_question_is_what_it_is_about(
    text: str, heading: str, questions: list[str]
) -> None:
    """And asks nothing itself, though a question word says which is meant."""
    assert heading_and_questions(text, 6) == (heading, questions)


@pytest.mark.parametrize(
    ("text", "little"),
    [
        ("When was that?", True),
        ("What was the price?", True),
        ("Who paid the price?", False),
        ("Where is Ines Calder?", False),
        ("Where is Esk?", False),
    ],
)
def test_one_word_that_is_no_name_says_little(town: Library, text: str, little: bool) -> None:
    assert read(town, text).says_little is little


def test_a_mere_question_word_asks_where_something_came_before(town: Library) -> None:
    question = read(town, "When was it and where was it?")
    parts = town.understanding.parts

    assert [p.whole for p in parts(question).questions] == ["where was it"]
    assert [p.whole for p in parts(question, follows=True).questions] == [
        "When was it",
        "where was it",
    ]


@pytest.mark.parametrize("piece", ["? who ", "؟ من ", "Who? ", "who, ", "Name the vote. "])
def test_no_more_questions_are_cut_off_than_wanted(town: Library, piece: str) -> None:
    assert len(heading_and_questions(piece * 300, 4)[1]) == 4
    assert len(town.understanding.parts(read(town, piece * 300), 4).questions) <= 4


@pytest.mark.parametrize(
    ("text", "head"),
    [
        ("Which council voted?", ("council", "voted")),
        ("Which coucnil voted?", ("council", "voted")),
        ("Which council of Marrowby voted?", ("council",)),
        ("Which Marrowby council voted?", ()),
        ("Please, which coucnil voted?", ("council", "voted")),
        ("The council voted?", ()),
    ],
)
def test_the_head_is_mended_and_ends_where_a_name_begins(
    town: Library, text: str, head: tuple[str, ...]
) -> None:
    assert read(town, text).head == head


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Who is Calder's son?", ("@ines-calder", "son")),
        ("Calder et son vote", ("@ines-calder", "~vote")),
    ],
)
def test_a_word_of_two_languages_is_read_by_its_place(
    town: Library, text: str, terms: tuple[str, ...]
) -> None:
    assert read(town, text).terms == terms


def test_what_is_told_is_asked_where_the_asking_sentence_says_nothing(town: Library) -> None:
    question = read(town, "Seven councillors were for it, four against. Which is it?")

    assert question.terms
    assert question.background == ()


@pytest.mark.parametrize(
    ("message", "terms", "background"),
    [
        ("The mayor was for it. Was it unanimous?", ("@ines-calder", "unanim"), ()),
        ("The council was for it. When was the vote?", ("council", "~vote"), ()),
        ("Seven were for it. How many against?", ("7",), ()),
        # what says enough, or names somebody, is asked by itself
        ("It is a wall. When was the vote of the council?", ("~vote", "council"), ("~barrier",)),
        ("It costs millions. Who is Oakes?", ("@tom-oakes",), ("cost", "million")),
        ("A wall is on it. Who is at the Esk?", ("esk",), ("~barrier",)),
    ],
)
def test_what_is_told_goes_with_a_question_of_one_term_or_none(
    town: Library, message: str, terms: tuple[str, ...], background: tuple[str, ...]
) -> None:
    question = read(town, message)

    assert question.terms == terms
    assert question.background == background


@pytest.mark.parametrize(
    ("message", "sought"),
    [
        ("When did the council vote?", ("When did the council vote?",)),
        (
            "When did the cuoncil vote?",
            ("When did the cuoncil vote?", "When did the council vote?"),
        ),
        ("Hello! Waht did the wall cost?", ("Waht did the wall cost?", "what did the wall cost?")),
        (
            "My baot sank. When did the cuoncil vote?",
            ("My baot sank. When did the cuoncil vote?", "When did the council vote?"),
        ),
        (
            "Was Caldre for the barier?",
            ("Was Caldre for the barier?", "Was calder for the barrier?"),
        ),
        ("Combien coûte le barrage ?", ("Combien coûte le barrage ?",)),
        ("متى صوّت المجلسُ؟", ("متى صوّت المجلسُ؟",)),
    ],
)
def test_meaning_is_sought_of_what_was_said_and_of_the_question_without_slips(
    town: Library, message: str, sought: tuple[str, ...]
) -> None:
    assert read(town, message).sought == sought


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("Was Caldre for the barier?", "was caldre for the barrier"),
        ("was Marowby for the barier?", "was marowby for the barrier"),
        ("wehre did the cuoncil vote", "where did the council vote"),
        ("Please, wehre was it?", "where was it"),
    ],
)
def test_the_text_has_its_slips_mended_and_its_names_as_they_were_written(
    town: Library, message: str, text: str
) -> None:
    assert read(town, message).text == text


@pytest.mark.parametrize(
    ("message", "kind"),
    [
        ("wehre did the council vote", K.WHERE),
        ("hwo many were for it", None),
        ("waht happened", K.WHAT),
        ("wehn was it", K.WHEN),
        ("ddi they vote", None),
    ],
)
def test_a_question_word_with_a_slip_asks_what_it_is_meant_to(
    town: Library, message: str, kind: K | None
) -> None:
    """Of four letters at least, the first of which is right."""
    assert read(town, message).kind is kind


@pytest.fixture(scope="module")
def guarded(town: Library) -> Library:
    """The town's briefing with misspelt names of a group and of a man, and a word of Arabic."""
    esk = town.newest.entity["river-esk"]
    guard = replace(
        esk,
        id="flood-guard",
        type=EntityType.ORGANISATION,
        name="Flood Guard",
        description="The Flood Guard is a group.",
        aliases=("Flood Gaurd", "Sluice Wardens"),
    )
    baker = replace(
        town.newest.entity["tom-oakes"],
        id="ned-baker",
        name="Ned Baker",
        description="Ned Baker is an angler.",
        aliases=("Ned Bakre", "Edward Bakre"),
    )
    gap = replace(town.newest.gaps[0], phrasings=("Who are they?", "المختلف"))
    entities = (*town.newest.entities, guard, baker)
    return Library([replace(town.newest, entities=entities, gaps=(gap,))])


def test_a_name_spelled_as_the_store_has_it_is_no_slip(town: Library) -> None:
    aliases = ("minister rouge", "ministre rouge", "ministre des eaux")
    office = replace(town.newest.entity["river-esk"], id="minister", name="Minister")
    office = replace(office, type=EntityType.OFFICE, aliases=aliases)
    library = Library([replace(town.newest, entities=(*town.newest.entities, office))])

    assert library.understanding.speller.mend("ministre") == "minister"
    assert read(library, "Que veut le ministre des eaux ?").entities == ("minister",)


@pytest.mark.parametrize(
    "message", ["أين المختطفَين؟", "من هم المختطفُون", "هل ضُرِب المختطفِين", "وين المختطفَاني"]
)
def test_arabic_is_not_cut_at_its_marks(guarded: Library, message: str) -> None:
    """Else what stands before one would be mended by itself, to another word."""
    question = read(guarded, message)

    assert guarded.understanding.speller.mend("المختطف") == "المختلف"
    assert question.sought == (message,)
    assert question.text == fold(message).strip("؟")
    assert not any("مختلف" in term for term in question.terms)


def test_what_an_editor_misspelt_of_a_group_is_mended_and_of_a_man_is_his(
    guarded: Library,
) -> None:
    """One letter makes a surname another's."""
    question = read(guarded, "Was the gaurd there with bakre?")

    assert "guard" in question.terms
    assert "gaurd" not in question.terms
    assert guarded.understanding.speller.mend("bakre") == "bakre"
    assert "baker" not in question.terms


@pytest.mark.parametrize(
    ("message", "item", "taken"),
    [
        ("What is the Flood Gaurd?", "flood-guard", ()),
        ("What is the flood gaurd", "flood-guard", ()),
        ("What is the Flood Guard?", "flood-guard", ()),
        ("What is the Flood Guadr?", "flood-guard", (("Flood Guadr", "Flood Guard"),)),
        ("Who is Ned Bakre?", "ned-baker", ()),
        ("Who is Ned Bakter?", "ned-baker", (("Ned Bakter", "Ned Baker"),)),
    ],
)
def test_nobody_is_told_whom_an_editors_own_spelling_was_taken_for(
    guarded: Library, message: str, item: str, taken: tuple[tuple[str, str], ...]
) -> None:
    outcome = ask(guarded, message)

    assert isinstance(outcome, Answered)
    assert outcome.item.id == item
    assert outcome.taken == taken


def test_an_editors_spelling_is_mended_and_yet_not_said_to_be_taken(guarded: Library) -> None:
    assert read(guarded, "what is the flood gaurd").taken == (("flood gaurd", "flood-guard"),)
