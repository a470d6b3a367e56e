"""What is answered by rule, before any ranking: the same words, smalltalk, quotations, bare names.

Each rule gives an outcome or None. What is good enough of a ranking is decided in choice.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from knowledge.cues import AFTER_A_DATE, asks_why_now, cue
from knowledge.dates import dates_in
from knowledge.described import titles_before
from knowledge.hit import Hit
from knowledge.language import ADDRESSES, INSIDE
from knowledge.library import Library
from knowledge.model import Entity, EntityType, Gap, Item, QAPair, QuestionKind
from knowledge.name_words import TITLES
from knowledge.outcomes import MAX_CHOICES, Ambiguous, Answered, MissKind, Outcome, Smalltalk
from knowledge.pleasantries import LONGEST
from knowledge.question import Question, as_written, asks_who, name_in
from knowledge.sorts import has_a_name
from knowledge.spelling import is_english
from knowledge.text import content_words, fold, phrasing_key, stem, words
from knowledge.variants import far_off

_WHO_WAS_BEFORE = re.compile(
    r"who (?:was|were|had been|'s|s) (?:the )?(?P<office>.+) before (?P<name>[^?]+)"
)
"""What asks (folded) who came before somebody, in an office or otherwise."""
_OF_A_QUOTE = frozenset(
    """words word said source sources quote quotation figure phrase sentence statement claim claims
    wording line mots paroles citation parole frase fonte""".split()
)
"""What is asked of a quotation that stands before."""
_WHAT_CALLED = re.compile(r"\bwhat(?: is|'s|s| was| are| were) \w+ (?:called|named)\b")
"""What asks (folded) for the name of what was spoken of."""
_NAME_OF = re.compile(r"(?:first |full |real |sur)?names? of ")
"""How what is asked about opens (folded) where its name is wanted, and no card."""
_SOMEBODY = frozenset(
    {EntityType.PERSON, EntityType.ORGANISATION, EntityType.ARMED_GROUP, EntityType.OFFICE}
)
"""Types of those of whom it is asked who they are."""
_LONGEST_NAME = 10
"""Words that a name may have."""
_LIKE_SMALLTALK = 0.68
"""Least cosine of meaning at which a message that names nothing is smalltalk. Of 600 questions on
a briefing none that names nothing came over .67; of 45 pleasantries two thirds did."""
_OPENS = 0.7
"""Confidence in smalltalk of a message that opens with it and says nothing that the store knows."""
_OF_PIECES = 0.95
"""Confidence in smalltalk of several pieces ("Hello, how are you?"); that of one is 1."""
_LEAST_QUOTED = 3
"""Words of a quotation that tell one sentence from others."""
_ASKS_JUST_THAT = 0.8
"""Score from which a stored phrasing is the question, whatever its words say of the time."""
_TITLE_TERMS = {kind: frozenset(map(stem, titles)) for kind, titles in TITLES.items()}
_SHARED_NAME = 0.5
"""Confidence in each reading of a name that several share."""
K = QuestionKind


def show(library: Library, item: Item) -> Answered:
    """*item* as an answer, as a reader gets it who chose it."""
    entities, related = library.beside(item)
    return Answered(item=item, confidence=1.0, entities=entities, related=related)


def with_taken(library: Library, read: Question, outcome: Outcome) -> Outcome:
    """*outcome*; an answer says for whom it took each name that is spelled far off."""
    if not isinstance(outcome, Answered):
        return outcome
    if library.exact_phrasing.get(phrasing_key(read.whole)) is outcome.item:
        return outcome  # the spelling is an editor's
    taken = {w: id_ for w, id_ in read.taken if _is_far_off(library, w, id_)}
    item, name = outcome.item, name_in(read.text)
    understanding = library.understanding
    if isinstance(item, Entity) and not taken and f"@{item.id}" in understanding.proper:
        near = item.id in understanding.lens.whole(name)
        if near and far_off(name, (item.name, *item.aliases)):
            taken[as_written(read.asking, words(name.replace("-", " ")))] = item.id
    entities = ((written, library.entity_by_id(id_)) for written, id_ in taken.items())
    return replace(outcome, taken=tuple((w, e.name) for w, e in entities if e is not None))


def _is_far_off(library: Library, written: str, entity_id: str) -> bool:
    """Whether *written* is none of the entity's names, as an editor has them."""
    entity = library.entity_by_id(entity_id)
    return entity is None or far_off(written, (entity.name, *entity.aliases))


def exact(library: Library, read: Question) -> Outcome | None:
    """The pair or gap that has the question, word for word, among its phrasings.

    Names in it may be spelled as the article spells them.
    """
    stored = library.exact_phrasing
    target = stored.get(phrasing_key(read.whole)) or stored.get(phrasing_key(read.spelt))
    if isinstance(target, Gap):
        return library.miss(MissKind.NOT_IN_BRIEFING, (), gap=target)
    return show(library, target) if target else None


def smalltalk(library: Library, read: Question) -> Outcome | None:
    """Smalltalk that the message is, nearly is, or opens with and adds nothing of the store's."""
    known = library.pleasantries
    if topic := known.same(read.whole):
        return Smalltalk(topic=topic, confidence=1.0)
    if topic := known.of_pieces(read.whole):
        return Smalltalk(topic=topic, confidence=_OF_PIECES)
    if read.entities or read.doubtful or len(words(read.whole)) > LONGEST:
        return None
    if read.kind is not None and not _speaks_of_us(read):
        return None  # "How old is he?" is not "How old are you?"
    if near := known.nearly(read.whole):
        return Smalltalk(topic=near[0], confidence=near[1])
    like = known.like(read.whole) if _says_something(library, read) else None
    if like is not None and like[1] >= _LIKE_SMALLTALK:
        return Smalltalk(topic=like[0], confidence=min(1.0, like[1]))
    if read.kind is not None or any(map(library.index.knows, read.terms)):
        return None
    opening = known.opening(read.whole)
    return Smalltalk(topic=opening, confidence=_OPENS) if opening else None


def _says_something(library: Library, read: Question) -> bool:
    """Whether any word that carries a subject is one: English, smalltalk's or another script's."""
    of_smalltalk = library.pleasantries.words
    found = content_words(read.whole)
    return any(not word.isascii() or is_english(word) or word in of_smalltalk for word in found)


def _speaks_of_us(read: Question) -> bool:
    """Whether a question is about the bot or the reader; Arabic says so at the end of a word."""
    own = words(read.whole)
    return not ADDRESSES.isdisjoint(own) or any(w[-1] == "ك" and len(w) > 2 for w in own)


def quotation(library: Library, read: Question) -> Outcome | None:
    """The claim on the sentence that the question quotes and asks the source of."""
    if read.kind not in (K.WHO, K.WHERE, K.WHICH, K.WHAT, None):
        return None
    asking = fold(read.asking)
    for quote in read.quoted:
        if len(quote.split()) < _LEAST_QUOTED:
            continue
        if quote not in asking and not _OF_A_QUOTE.issuperset(content_words(asking)):
            continue  # it is told, and something else is asked
        for briefing in library.briefings:
            for sentence in briefing.article.sentences.values():
                if quote not in fold(sentence.text):
                    continue
                for claim in briefing.claims:
                    if sentence.ref in library.cited(claim):
                        return show(library, claim)
    return None


def cued(library: Library, read: Question) -> Outcome | None:
    """A miss that the words of the question give away; None if a pair asks just that."""
    miss = cue(fold(read.text)) or cue(fold(read.asking))  # as mended, or as it was
    if miss is None and _asks_who_was_before(library, read):
        miss = MissKind.AFTER_ITS_DATE
    if miss is MissKind.AFTER_ITS_DATE and read.kind is K.WHY and asks_why_now(fold(read.text)):
        miss = None  # the reasons of those days
    dated = miss is None and _is_later(library, read)
    if dated:
        miss = MissKind.AFTER_ITS_DATE
    if miss is None:
        return None
    hits = library.index.search(read, limit=5)
    if dated and hits and _asks_the_same(read, hits[0]):
        return None
    if hits and isinstance(hits[0].target, QAPair) and cue(hits[0].text) is miss:
        return None
    return library.miss(miss, hits, read.entities)


def _asks_who_was_before(library: Library, read: Question) -> bool:
    """Whether *read* asks who held the place of somebody before that person did."""
    found = _WHO_WAS_BEFORE.match(read.text)
    if found is None:
        return False
    person = library.understanding.named(found["name"])
    office = library.understanding.named(found["office"])
    if not person:
        return False
    own = {stem(word) for word in content_words(found["office"])}
    if own and own <= _TITLE_TERMS.get(EntityType.PERSON, frozenset()):
        return True
    return bool(office) and _holds(library, person[0], office[0])


def _holds(library: Library, person_id: str, office_id: str) -> bool:
    """Whether the second id is the person's own, or that of an office told of with that person."""
    person, office = library.entity_by_id(person_id), library.entity_by_id(office_id)
    if person is None or office is None or person.type is not EntityType.PERSON:
        return False
    shared = {*person.sentences} & {*office.sentences}
    return person is office or (office.type is EntityType.OFFICE and bool(shared))


def _asks_the_same(read: Question, hit: Hit) -> bool:
    """Whether *hit* is the question, of the day or of the time after it as that is."""
    after = [AFTER_A_DATE.search(text) is not None for text in (fold(read.text), hit.text)]
    return hit.score > _ASKS_JUST_THAT and not hit.other_kind and after[0] is after[1]


def _is_later(library: Library, read: Question) -> bool:
    """Whether a date of the question comes after the briefing, which does not tell of it either."""
    published = library.newest.article.front.published
    told = library.understanding.told
    folded = fold(read.text)
    after = AFTER_A_DATE.search(folded) is not None
    for meanings in dates_in(folded):
        for year, month, day in meanings:
            said = (year or published.year, month or 0, day or 0)
            whole = year is not None or (month is not None and day is not None)
            own = (published.year, published.month, published.day)
            if not whole or said < own or (said == own and not after):
                break
            if not after and told.date((year, month, day)):
                break
        else:
            return True
    return False


def named(library: Library, read: Question, *, bare: bool = False) -> Outcome | None:
    """The card of the entity that the question is nothing but the name of.

    With *bare*, the question is known to be a name, and one within it will do.
    """
    if read.kind not in (K.WHO, K.WHAT, None):
        return None
    name = name_in(read.text)
    if len(name.split()) > _LONGEST_NAME:
        return None
    if _WHAT_CALLED.search(read.text):
        return None  # its name is asked for, not what it is
    if asks_who(read.text) and name.partition(" ")[0] in INSIDE:
        return None  # "What is in the roadmap?" does not ask what it is
    ids = by_name = library.understanding.named(name)
    if not ids and not read.strangers:
        ids = _alone(library, read) or library.understanding.described(name)
    if not ids and bare:
        ids = read.entities or (read.doubtful[0] if read.doubtful else ())
    found = tuple(e for e in map(library.entity_by_id, ids) if e)
    if _NAME_OF.match(name) and not all(map(has_a_name, found)):
        return None  # the card of "the two guards" tells no names
    nobody = any(e.type not in _SOMEBODY for e in found)
    if (
        read.kind is K.WHO
        and nobody
        and (_only_points(read) or not (by_name or "what" in words(read.text)))
    ):
        return None  # "Who was it?", of a film; "Who was struck?", of a blow
    if not bare:
        found = _but_parts(found)
    if len(found) > 1:
        return Ambiguous(choices=found[:MAX_CHOICES], confidence=_SHARED_NAME)
    return show(library, found[0]) if found else None


def _only_points(read: Question) -> bool:
    """Whether *read* names nobody, as it came or as it is read: "Who was it?"."""
    return not all(content_words(name_in(text)) for text in (read.text, fold(read.whole)))


def _but_parts(found: tuple[Entity, ...]) -> tuple[Entity, ...]:
    """*found*, or the one whose card tells of the others too: the whole event, or the office.

    The whole has all the sentences of its parts and more; an office has those of who holds it.
    """
    for one in found:
        others = [e for e in found if e is not one]
        event = one.type is EntityType.EVENT and all(
            e.type is EntityType.EVENT and {*e.sentences} < {*one.sentences} for e in others
        )
        office = one.type is EntityType.OFFICE and all(
            e.type is EntityType.PERSON and {*e.sentences} == {*one.sentences} for e in others
        )
        if event or office:
            return (one,)
    return found


def _alone(library: Library, read: Question) -> tuple[str, ...]:
    """The one entity that explains every term, but for titles and the place it is all about."""
    own = tuple(e for e in read.entities if e not in library.subjects)
    ids = own or read.entities
    entity = library.entity_by_id(ids[0]) if len(ids) == 1 else None
    if entity is None:
        return ()
    titles = _TITLE_TERMS.get(entity.type, frozenset())
    if entity.type is EntityType.PERSON:  # others are of somebody else: his doctor, her spokesman
        titles &= frozenset(map(stem, titles_before(name_in(read.text))))
    rest = {t for t in read.terms if t[0] != "@"} - titles
    return () if rest else ids


RULES: tuple[Callable[[Library, Question], Outcome | None], ...] = (
    exact,
    smalltalk,
    quotation,
    cued,
)
"""The rules in order of test; `named` comes later, since context can lend a name its question."""
