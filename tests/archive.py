"""Archives of invented briefings, for measuring: towns, people, offices, events, prices, dates.

The same for the same seed, of any size, with questions that are misspelt, short, re-worded or
unanswerable. Nothing here measures.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from knowledge.model import (
    Article,
    Briefing,
    Citation,
    FrontMatter,
    Paragraph,
    QAPair,
    QuestionKind,
    Sentence,
    SentenceRef,
)

PHRASINGS = 6
"""Phrasings of a pair; the other templates of its topic are left for questions."""
ONE_BRIEFING = 1_000_000
"""Pairs of a briefing, unless told otherwise: more than any archive has, so that it is one."""
SEED = 20170829

_TOPICS = """
{town} {event} death toll {year}
The {event} in {town} in {month} {year} killed {number} people.
How many people died in the {event} in {town} in {year}?
How many were killed by the {year} {event} at {town}?
What was the death toll of the {event} in {town} in {year}?
How many lives did the {town} {event} of {year} cost?
Number of dead after the {event} in {town}, {year}
How many victims did the {year} {event} in {town} claim?
How deadly was the {town} {event} in {year}?
The {event} at {town} in {year}: how many did not survive?

{event} {town} {year} blamed
{org} was blamed for the {event} in {town} in {year}.
Who was blamed for the {event} in {town} in {year}?
Who carried the responsibility for the {year} {event} in {town}?
Which organisation is accused over the {town} {event} of {year}?
Whose fault was the {event} at {town} in {year}?
Who did investigators hold responsible for the {event} in {town} in {year}?
Was anybody accused of causing the {year} {event} in {town}?
Who got the blame after {town} saw the {event} of {year}?
Who stood behind the {event} of {year} in {town}?

cause {event} {town} {month} {year}
Experts traced the {event} in {town} in {month} {year} to neglected {works}.
Why did the {event} in {town} happen in {month} {year}?
What caused the {event} at {town} in {month} {year}?
What was the reason for the {month} {year} {event} in {town}?
What led to the {event} in {town} in {month} {year}?
What do experts say triggered the {town} {event} of {month} {year}?
How did the {event} in {town} come about in {month} {year}?
Origin of the {month} {year} {event} near {town}
How do engineers explain the {event} that hit {town} in {month} {year}?

{person} {subject} statement
{person} said that {subject} had been neglected for {number} years.
What did {person} say about {subject}?
What is the opinion of {person} on {subject}?
How did {person} comment on {subject}?
What did {person} tell reporters about {subject}?
What is {person} quoted as saying on {subject}?
Statement by {person} on {subject}
What remarks did {person} make concerning {subject}?
How does {person} see {subject}?

{office} {town} name
{person} is the {office} of {town}.
Who is the {office} of {town}?
What is the name of the {office} in {town}?
Who serves as {office} of {town}?
Who holds the post of {office} in {town}?
Which person is {office} at {town}?
Who works as the {office} for {town}?
Name the {office} of {town}
Who occupies the office of {office} in {town}?

{person} resign {office}
{person} resigned as {office} after a dispute about {subject}.
Why did {person} resign as {office}?
For what reason did {person} step down as {office}?
What made {person} give up the post of {office}?
Why is {person} no longer {office}?
What was behind the resignation of {office} {person}?
Why did {office} {person} quit?
What drove {person} out of office as {office}?
Which dispute ended the time of {person} as {office}?

{goods} price {town} {year}
In {year} a crate of {goods} cost {number} crowns in {town}.
What did {goods} cost in {town} in {year}?
How much was a crate of {goods} at {town} in {year}?
What was the price of {goods} in {town} in {year}?
How expensive were {goods} in {town} in {year}?
How much did people in {town} pay for {goods} in {year}?
Market price of {goods}, {town}, {year}
How many crowns bought a crate of {goods} in {town} in {year}?
For how much did traders in {town} sell {goods} in {year}?

{works} {town} reopen
The {works} in {town} reopen in {month} {year}.
When will the {works} in {town} reopen?
When are the {works} of {town} open again?
From when can the {works} at {town} be used again?
What is the date for reopening the {works} in {town}?
When does the repair of the {works} in {town} end?
Reopening date of the {town} {works}
How long will the {works} in {town} stay closed?
By when should the {works} at {town} be mended?

{org} {works} {town} paid
{org} paid {number} million crowns for the {works} in {town}.
How much did {org} pay for the {works} in {town}?
What sum did {org} spend on the {works} at {town}?
How much money has {org} given for the {works} of {town}?
What did the {works} in {town} cost {org}?
How many crowns did {org} put into the {works} in {town}?
Cost of the {town} {works} to {org}
With how much did {org} fund the {works} in {town}?
How large was the grant of {org} for the {works} in {town}?

{person} arrested where {year}
Police arrested {person} in {town} in {year}.
Where was {person} arrested in {year}?
In which town did police detain {person} in {year}?
Where did officers catch {person} in {year}?
Where was {person} taken into custody in {year}?
At what place was {person} seized in {year}?
Place of the {year} arrest of {person}
Where were handcuffs put on {person} in {year}?
In what town did {person} fall into the hands of police in {year}?

{person} votes {town} {year}
{person} won {number} votes in {town} in {year}.
How many votes did {person} get in {town} in {year}?
How many people in {town} voted for {person} in {year}?
What was the result of {person} at the {year} poll in {town}?
How did {person} do in the {town} election of {year}?
What share of ballots in {town} went to {person} in {year}?
Votes for {person} in {town}, {year}
How popular was {person} with the voters of {town} in {year}?
How many ballots named {person} at {town} in {year}?

{org} {town} talks {month} {year}
{org} met elders of {town} in {month} {year} to settle {subject}.
What did {org} discuss in {town} in {month} {year}?
What were the {month} {year} talks of {org} at {town} about?
Why did {org} come to {town} in {month} {year}?
What was agreed between {org} and {town} in {month} {year}?
What subject brought {org} to {town} in {month} {year}?
Topic of the {month} {year} meeting of {org} in {town}
What did elders of {town} negotiate with {org} in {month} {year}?
Over what did {org} and {town} bargain in {month} {year}?

{event} {town} {year} homeless families
The {year} {event} in {town} left {number} families homeless.
How many families lost their homes in the {year} {event} in {town}?
How many households were displaced by the {event} at {town} in {year}?
How many had to flee {town} after the {event} in {year}?
What number of families did the {year} {event} in {town} make homeless?
How many families were evacuated from {town} during the {event} of {year}?
Displaced families after the {event} in {town}, {year}
How many households did the {town} {event} of {year} uproot?
For how many families was there no roof in {town} after the {event} in {year}?

{org} import {goods} ban {year}
{org} banned the import of {goods} in {year} because of {subject}.
Why did {org} ban the import of {goods} in {year}?
Why were {goods} forbidden by {org} in {year}?
For what reason did {org} stop shipments of {goods} in {year}?
What explains the {year} ban on {goods} by {org}?
Why has {org} outlawed {goods} since {year}?
Reason for the {goods} embargo of {org} in {year}
What moved {org} to close the border to {goods} in {year}?
On what grounds did {org} refuse {goods} in {year}?

{person} {org} appointed {office} year
{org} made {person} its {office} in {year}.
When did {org} appoint {person} as {office}?
In which year did {person} become {office} at {org}?
When was {person} named {office} of {org}?
Since when has {person} been {office} for {org}?
What year did {org} choose {person} as its {office}?
Date when {person} was made {office} by {org}
When did {person} take over as {office} of {org}?
When did the career of {person} as {office} with {org} begin?

{town} {goods} factory {org} workers
{org} employs {number} people at its {goods} works in {town}.
How many people work for {org} in the {goods} factory at {town}?
How many workers does {org} employ in {town} making {goods}?
What is the staff of the {goods} plant of {org} in {town}?
How many jobs does {org} offer at {town} with {goods}?
How large is the workforce of {org} at the {town} {goods} works?
Employees of {org}, {goods} factory, {town}
How many hands make {goods} for {org} in {town}?
How many earn their living from {goods} at {org} in {town}?
"""
"""A topic a paragraph: keywords, the sentence of the article, then ways to ask."""

_WORDS = {
    "event": """flood, bombing, fire, earthquake, landslide, strike, riot, shooting, collapse,
        explosion, storm, cholera outbreak, drought, train crash, ferry disaster, power cut, siege,
        kidnapping, prison break, bank robbery, coup attempt, mine accident, heatwave, bus crash,
        gas leak, oil spill, avalanche, plane crash, market raid, border clash, dam failure,
        locust plague, protest march, stampede, ambush, air raid, grain shortage, hailstorm""",
    "works": """bridge, harbour, hospital, waterworks, railway station, school, airport, museum,
        power plant, market hall, tunnel, court house, university, stadium, tram line, canal,
        library, prison, refinery, border post, grain store, lighthouse, theatre, fire station,
        cable car, bus depot, telephone exchange, sewage plant, town hall, old citadel""",
    "goods": """lemons, tomatoes, bricks, cement, diesel, copper pipes, wheat, onions, sheep wool,
        tea, sugar, dates, olive oil, fishing nets, candles, batteries, bicycles, paper, timber,
        dried figs, salt, shoes, medicine, glass bottles, carpets, spare parts, rice, barley, soap,
        solar panels, school books, potatoes, charcoal, honey, leather""",
    "subject": """the new tax on water, the school reform, land rights, the peace treaty, fuel
        smuggling, judges' salaries, the missing fishermen, fishing quotas, press freedom, the
        census, military service, child vaccination, the pension fund, housing shortages, the
        closed border, illegal logging, rail fares, prison conditions, the language law, rubbish
        collection, river pollution, election observers, foreign loans, police violence, bread
        subsidies, the mine clearance, cattle theft, night flights, customs fraud, tribal courts""",
    "office": """mayor, governor, police chief, chief judge, harbour master, fire chief, spokesman,
        treasurer, head teacher, bishop, market inspector, ambassador, prosecutor, chief engineer,
        surgeon general, party leader, union secretary, archivist, tax collector, commander,
        health officer, deputy minister, auditor, ombudsman, border commissioner""",
    "month": """January, February, March, April, May, June, July, August, September, October,
        November, December""",
}
_BODIES = """Council, Ministry, Brigade, Front, Railway Company, Trading House, Red Cross, Bank,
    Farmers' Union, Battalion, Party, Assembly, Mining Company, Relief Fund, Coast Guard"""
_ONSETS = "b d f g h j k l m n p r s t v z br dr gr kr tr sh st kh th".split()
_VOWELS = "a e i o u a e i ai au ou ia".split()
_CODAS = ["", "", "", *"n r l m s t d k sh nd rt".split()]
_NAMES = {"town": 2_500, "family": 2_500, "given": 400, "body": 500}
"""How many names of each sort there are."""
_MIX = (("typo", 35), ("keywords", 25), ("re-worded", 25), ("unanswerable", 15))
"""Of 100 questions, how many of each kind."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question to an archive; `id` is of the pair that answers it, None where none does."""

    kind: str
    text: str
    id: str | None


def archive(
    size: int, questions: int, pairs_each: int = ONE_BRIEFING, seed: int = SEED
) -> tuple[tuple[Briefing, ...], tuple[Query, ...]]:
    """Briefings with *size* phrasings, rounded down to whole pairs, and *questions* to them.

    A briefing has up to *pairs_each* pairs; by default it is one that has all. The same for the
    same *seed*.
    """
    names = _Names(random.Random(seed))
    rng = random.Random(seed + size)
    count = max(1, size // PHRASINGS)
    kinds = [kind for kind, share in _MIX for _ in range(share)]
    wanted: dict[int, list[str]] = {}
    for at in range(questions):
        wanted.setdefault(rng.randrange(count), []).append(kinds[at * 37 % len(kinds)])
    topics = [paragraph.split("\n") for paragraph in _TOPICS.strip().split("\n\n")]
    seen: set[str] = set()
    pairs: list[tuple[tuple[str, ...], str]] = []
    queries: list[Query] = []
    while len(pairs) < count:
        keywords, answer, *ways = rng.choice(topics)
        slots = names.slots(rng)
        if ways[0].format_map(slots) in seen:
            continue
        seen.add(ways[0].format_map(slots))
        rng.shuffle(ways)
        stored = tuple(way.format_map(slots) for way in ways[:PHRASINGS])
        for kind in wanted.get(len(pairs), ()):
            text = {
                "typo": _misspelt(rng.choice(stored), rng),
                "keywords": keywords.format_map(slots).casefold(),
                "re-worded": rng.choice(ways[PHRASINGS:]).format_map(slots),
            }.get(kind) or _unanswerable(topics, names, rng, seen)
            queries.append(Query(kind, text, None if kind == "unanswerable" else f"f{len(pairs)}"))
        pairs.append((stored, answer.format_map(slots)))
    rng.shuffle(queries)
    return tuple(_briefings(pairs, pairs_each)), tuple(queries)


class _Names:
    """Invented names of towns, families and bodies; those that come early are drawn more often."""

    def __init__(self, rng: random.Random) -> None:
        self._lists = {sort: _listed(words) for sort, words in _WORDS.items()}
        used: set[str] = set()
        invented = {sort: _invented(rng, count, used) for sort, count in _NAMES.items()}
        self._lists["town"] = invented["town"]
        self._given, self._family = invented["given"], invented["family"]
        bodies = _listed(_BODIES)
        self._lists["org"] = [f"the {name} {rng.choice(bodies)}" for name in invented["body"]]

    def slots(self, rng: random.Random) -> dict[str, str]:
        """A word for each slot of a topic."""
        slots = {sort: _drawn(rng, words) for sort, words in self._lists.items()}
        slots["person"] = f"{_drawn(rng, self._given)} {_drawn(rng, self._family)}"
        slots["year"] = str(rng.randrange(2004, 2024))
        slots["number"] = str(rng.randrange(2, 900))
        return slots


def _listed(words: str) -> list[str]:
    return [" ".join(word.split()) for word in words.split(",")]


def _drawn(rng: random.Random, words: Sequence[str]) -> str:
    return words[int(len(words) * rng.random() ** 1.5)]


def _invented(rng: random.Random, count: int, used: set[str]) -> list[str]:
    names: list[str] = []
    while len(names) < count:
        syllables = rng.choice((2, 2, 3))
        name = "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) for _ in range(syllables))
        name = (name + rng.choice(_CODAS)).capitalize()
        if name not in used:
            used.add(name)
            names.append(name)
    return names


def _misspelt(text: str, rng: random.Random) -> str:
    """*text* in small letters with one to three slips of the finger in its longer words."""
    words = text.casefold().rstrip("?").split()
    longer = [at for at, word in enumerate(words) if len(word) > 3]
    for at in rng.sample(longer, min(len(longer), rng.choice((1, 2, 2, 3)))):
        word = words[at]
        i = rng.randrange(1, len(word) - 1)
        words[at] = rng.choice(
            (
                word[:i] + word[i + 1 :],
                word[:i] + word[i] + word[i:],
                word[:i] + word[i + 1] + word[i] + word[i + 2 :],
                word[:i] + rng.choice("aeioulnrst") + word[i + 1 :],
            )
        )
    return " ".join(words)


def _unanswerable(
    topics: Sequence[Sequence[str]], names: _Names, rng: random.Random, seen: set[str]
) -> str:
    """A question about what no pair tells; it is kept from being told later."""
    while True:
        _, _, *ways = rng.choice(topics)
        slots = names.slots(rng)
        fact = ways[0].format_map(slots)
        if fact not in seen:
            seen.add(fact)
            return rng.choice(ways).format_map(slots)


def _briefings(pairs: Sequence[tuple[tuple[str, ...], str]], pairs_each: int) -> Iterator[Briefing]:
    for number, start in enumerate(range(0, len(pairs), pairs_each)):
        published = dt.date(2010, 1, 1) + dt.timedelta(days=number)
        part = pairs[start : start + pairs_each]
        refs = [SentenceRef(at // 5 + 1, at % 5 + 1) for at in range(len(part))]
        yield briefing(
            f"{published}-archive",
            published,
            {ref: answer for ref, (_, answer) in zip(refs, part, strict=True)},
            [
                (f"f{start + at}", phrasings, ref)
                for at, (ref, (phrasings, _)) in enumerate(zip(refs, part, strict=True))
            ],
        )


def briefing(
    name: str,
    published: dt.date,
    sentences: Mapping[SentenceRef, str],
    entries: Sequence[tuple[str, Sequence[str], SentenceRef]],
) -> Briefing:
    """A briefing of *sentences* with a pair for each entry: its id, phrasings and sentence.

    A pair's answer is its sentence.
    """
    paragraphs: dict[int, list[Sentence]] = {}
    for ref, text in sentences.items():
        paragraphs.setdefault(ref.paragraph, []).append(Sentence(ref, text))
    front = FrontMatter(
        headline="News of the day",
        author="",
        publisher="",
        published=published,
        source_url="https://example.org/",
        licence="",
        language="en",
        period="",
        time_zone="UTC",
    )
    article = Article(front, tuple(Paragraph(n, tuple(s)) for n, s in paragraphs.items()))
    pairs = (
        QAPair(
            briefing=name,
            id=id_,
            kind=QuestionKind.WHAT,
            phrasings=tuple(phrasings),
            answer=sentences[ref],
            citations=(Citation(name, ref, sentences[ref]),),
        )
        for id_, phrasings, ref in entries
    )
    return Briefing(name, article, pairs=tuple(pairs))
