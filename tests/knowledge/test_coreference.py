"""Pronouns of a follow-up become the names that they can stand for, and nothing else changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.coreference import resolved
from knowledge.model import Entity, EntityType
from tests import factories

T = EntityType


def an_entity(name: str, kind: EntityType) -> Entity:
    return replace(factories.an_entity(name.lower().replace(" ", "-"), name), type=kind)


CALDER, OAKES = an_entity("Ines Calder", T.PERSON), an_entity("Tom Oakes", T.PERSON)
COUNCIL = an_entity("town council", T.ORGANISATION)
GUARD = an_entity("Esk Guard", T.ARMED_GROUP)
ESK = an_entity("River Esk", T.PLACE)
FLOOD, PLAN = an_entity("Great Flood", T.EVENT), an_entity("Barrier Plan", T.DOCUMENT)
MAYOR = an_entity("the mayoralty", T.OFFICE)
ALL = (CALDER, OAKES, COUNCIL, GUARD, ESK, FLOOD, PLAN, MAYOR)

PRONOUNS = ("he", "him", "she", "her", "his", "it", "its", "they", "them", "their")
WORDS = (
    "who what warned of the barrier Esk's isn't e-mail he-goat it's he’s Hesse item this hist I "
    "you we her hers us him- themselves 12 3,5 . ? ! ، من متى il lui она \u202e 🙂"
).split(" ")


def nobody(_: str) -> list[Entity]:
    """The entities of a text that names none."""
    return []


TOKENS = st.lists(st.sampled_from((*WORDS, *PRONOUNS, "He", "THEY", "it?", "“its")), max_size=12)


@pytest.mark.parametrize(
    ("text", "before", "meant"),
    [
        ("What did he warn of?", [OAKES], "What did Tom Oakes warn of?"),
        ("What did she say?", [CALDER], "What did Ines Calder say?"),
        ("Who voted for him?", [OAKES], "Who voted for Tom Oakes?"),
        ("He said so?", [OAKES], "Tom Oakes said so?"),
        ("SHE?", [CALDER], "Ines Calder?"),
        ("Its vote, or their vote?", [COUNCIL], "town council's vote, or their vote?"),
        ("Was she with her?", [CALDER], "Was Ines Calder with her?"),
        ("Who is her friend?", [CALDER], "Who is Ines Calder's friend?"),
        ("Who saw her?", [CALDER], "Who saw Ines Calder?"),
        ("What of his plan?", [OAKES], "What of Tom Oakes's plan?"),
        ("Where does it flow?", [ESK], "Where does River Esk flow?"),
        ("Where is its source?", [ESK], "Where is River Esk's source?"),
        ("When was it?", [FLOOD], "When was Great Flood?"),
        ("What does it say?", [PLAN], "What does Barrier Plan say?"),
        ("Did it vote?", [COUNCIL], "Did town council vote?"),
        ("Did they vote?", [COUNCIL], "Did town council vote?"),
        ("Who leads them?", [GUARD], "Who leads Esk Guard?"),
        ("Who is their leader?", [GUARD], "Who is Esk Guard's leader?"),
        ("Did he see it?", [OAKES, ESK], "Did Tom Oakes see River Esk?"),
        ("Did he know that he won?", [OAKES], "Did Tom Oakes know that Tom Oakes won?"),
        ("“it”", [ESK], "“River Esk”"),
    ],
)
def test_a_pronoun_becomes_the_name_that_it_stands_for(
    text: str, before: Sequence[Entity], meant: str
) -> None:
    assert resolved(text, before, nobody) == meant


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("What did he warn of?", []),
        ("What did he warn of?", [CALDER, OAKES]),
        ("What did he warn of?", [COUNCIL, GUARD, ESK, FLOOD, PLAN, MAYOR]),
        ("Did they vote?", [CALDER]),
        ("Did they vote?", [ESK]),
        ("Did they vote?", [COUNCIL, GUARD]),
        ("What was it?", [CALDER]),
        ("What was it?", [MAYOR]),
        ("What was it?", [ESK, COUNCIL]),
        ("What was it?", [FLOOD, PLAN]),
        ("Is it true that the barrier held?", [FLOOD]),
        ("Was it announced that they vote?", [FLOOD]),
        ("Is it clear?", [PLAN]),
        ("He's late, isn't it's so?", [OAKES]),
        ("it’s so, he’ll say", [OAKES, ESK]),
        ("a he-goat", [OAKES]),
        ("What of the item, this, the Esk?", [OAKES, ESK]),
    ],
)
def test_what_stands_for_nobody_or_for_several_stays(text: str, before: Sequence[Entity]) -> None:
    assert resolved(text, before, nobody) == text


@pytest.mark.parametrize("what", [FLOOD, PLAN])
@pytest.mark.parametrize("order", [1, -1])
def test_what_happened_goes_before_where_and_who_it_was(what: Entity, order: int) -> None:
    before = [ESK, what, COUNCIL, GUARD][::order]

    assert resolved("When was it?", before, nobody) == f"When was {what.name}?"
    assert resolved("When did they?", before, nobody) == "When did they?"


def test_one_who_is_named_twice_is_one() -> None:
    assert resolved("What did he say?", [OAKES, OAKES], nobody) == "What did Tom Oakes say?"


@given(TOKENS, st.lists(st.sampled_from(ALL), max_size=4))
def test_words_stay_where_they_are_and_only_pronouns_change(
    tokens: list[str], before: list[Entity]
) -> None:
    """What is no pronoun is left as it was written."""
    found = resolved(" ".join(tokens), before, nobody).split()
    for token in tokens:
        if token.strip("“?").lower() not in PRONOUNS:
            assert token in found


def calder(text: str) -> list[Entity]:
    """Ines Calder where *text* names her."""
    return [CALDER] if "Calder" in text else []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("What did Calder say when he came?", "What did Calder say when he came?"),
        ("What did Calder say of his plan?", "What did Calder say of his plan?"),
        ("Did Calder see him?", "Did Calder see Tom Oakes?"),
        ("Did he see Calder?", "Did Tom Oakes see Calder?"),
    ],
)
def test_who_is_named_before_a_pronoun_may_be_meant_by_it(text: str, meant: str) -> None:
    """One who does something to somebody does it to another."""
    assert resolved(text, [OAKES], calder) == meant


@given(st.text(max_size=60), st.lists(st.sampled_from(ALL), max_size=4))
def test_any_text_without_a_pronoun_is_left_alone(text: str, before: list[Entity]) -> None:
    if not any(pronoun in text.lower() for pronoun in PRONOUNS):
        assert resolved(text, before, nobody) == text
    assert resolved(text, [], nobody) == text
