"""A small invented briefing, flawless; tests spoil it in one place and look what is reported."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ID = "2021-03-04-marrowby"

ARTICLE = """\
---
headline: Marrowby votes for its flood barrier
author: Ada Quill
publisher: The Marrowby Courier
published: "2021-03-04"
source_url: https://courier.example/flood-barrier
licence: invented for tests
language: en
period: "1 to 3 March 2021"
time_zone: Europe/London
---

On 3 March, the town council of Marrowby voted to build a flood barrier on the River Esk. Mayor Ines
Calder said that seven councillors were for it and four against.

The barrier will cost €12 million. Dr. Tom Oakes, who leads the Esk Anglers, warned that it would
harm the salmon – “badly and for ever.” It is the second plan since December 1998.
"""

ENTITIES = """\
entities:
  - id: ines-calder
    type: person
    name: Ines Calder
    description: Ines Calder is the mayor of Marrowby.
    citations:
      - sentence: p1s2
        quote: "Mayor Ines Calder said"
    sentences: [p1s2]
    aliases: ["Calder", "Mayor Calder", "the mayor"]
  - id: tom-oakes
    type: person
    name: Tom Oakes
    description: Dr. Tom Oakes leads the Esk Anglers.
    citations:
      - sentence: p2s2
        quote: "Dr. Tom Oakes, who leads the Esk Anglers"
    sentences: [p2s2]
    aliases: ["Oakes", "Dr Oakes", "Esk"]
  - id: marrowby
    type: place
    name: Marrowby
    description: Marrowby is a town on the River Esk.
    citations:
      - sentence: p1s1
        quote: "the town council of Marrowby"
    sentences: [p1s1]
    timeline:
      - date: "2021-03-03"
        precision: day
        sentence: p1s1
  - id: river-esk
    type: place
    name: River Esk
    description: The River Esk flows by Marrowby.
    citations:
      - sentence: p1s1
        quote: "a flood barrier on the River Esk"
    sentences: [p1s1]
    aliases: ["Esk"]
ambiguous:
  - alias: Esk
    entities: [tom-oakes, river-esk]
"""

CLAIMS = """\
claims:
  - id: calder-count
    claimant: ines-calder
    verb: said
    statement: Mayor Ines Calder said that seven councillors were for the barrier and 4 against.
    citations:
      - sentence: p1s2
        quote: "seven councillors were for it and four against"
    conflicts: [oakes-salmon]
  - id: oakes-salmon
    claimant: tom-oakes
    verb: warned
    statement: Tom Oakes warned that the barrier would harm the salmon badly.
    citations:
      - sentence: p2s2
        quote: "would harm the salmon – “badly and for ever.”"
    conflicts: [calder-count]
"""

QA = """\
pairs:
  - id: vote-when
    kind: when
    phrasings:
      - "When did the council vote?"
      - "date of the vote"
      - "which day was it decided"
      - "when they voted"
      - "vote when"
      - "do you know the day of the decision?"
    answer: The town council of Marrowby voted on 3 March 2021.
    citations:
      - sentence: p1s1
        quote: "On 3 March, the town council of Marrowby voted"
  - id: barrier-cost
    kind: how-many
    phrasings:
      - "How much will the barrier cost?"
      - "price of the barrier"
      - "what do they pay"
      - "cost barrier"
      - "how many millions"
      - "is it expensive"
    answer: The barrier will cost twelve million euros, which is 3 million for each of four years.
    citations:
      - sentence: p2s1
        quote: "The barrier will cost €12 million"
    derived:
      - value: "3 million"
        reason: "computed"
      - value: "four"
        reason: "computed"
  - id: vote-unanimous
    kind: whether
    phrasings:
      - "Was the vote unanimous?"
      - "did all agree"
      - "everybody for it?"
      - "unanimous or not"
      - "all councillors yes"
      - "was anybody against"
    answer: No, Mayor Ines Calder said that 7 councillors were for it and four against.
    citations:
      - sentence: p1s2
        quote: "seven councillors were for it and four against"
  - id: who-publishes
    kind: who
    phrasings:
      - "Who publishes this?"
      - "publisher"
      - "what paper is it from"
      - "which newspaper"
      - "source of article"
      - "where was it printed"
    answer: The Marrowby Courier publishes it; its author is Ada Quill.
    citations:
      - field: publisher
      - field: author
gaps:
  - id: gap-builder
    phrasings:
      - "Who will build the barrier?"
      - "which firm builds it"
      - "builder"
      - "contractor"
    statement: The briefing does not say who will build the barrier.
    nearest: [p1s1, p2s1]
"""

BRIEFING = """\
points:
  - id: point-vote
    text: The council of Marrowby voted for a flood barrier on 3 March 2021.
    disputed: "no"
    citations:
      - sentence: p1s1
        quote: "voted to build a flood barrier"
  - id: point-cost
    text: It will cost €12 million.
    disputed: "no"
    citations:
      - sentence: p2s1
        quote: "will cost €12 million"
  - id: point-salmon
    text: Tom Oakes fears for the salmon; it is the 2nd plan since December 1998.
    disputed: "yes"
    citations:
      - sentence: p2s2
        quote: "warned that it would harm the salmon"
      - sentence: p2s3
        quote: "the second plan since December 1998"
suggested: [vote-when, barrier-cost, vote-unanimous]
"""

VOCABULARY = """\
vocabulary:
  - [barrier, wall, dam]
  - [vote, ballot]
"""

SMALLTALK = """\
smalltalk:
  - id: greeting
    phrasings: ["hi", "hello there"]
    answer: Good day.
  - id: thanks
    phrasings: ["thanks a lot"]
    answer: You are welcome.
"""

FILES = {
    "article.md": ARTICLE,
    "entities.yaml": ENTITIES,
    "claims.yaml": CLAIMS,
    "qa.yaml": QA,
    "briefing.yaml": BRIEFING,
    "vocabulary.yaml": VOCABULARY,
}


@dataclass(frozen=True)
class Flaw:
    """In *file*, *old* becomes *new*; then *message* is reported on the line that has *at*.

    *at* is *new* where it is left out.
    """

    file: str
    old: str
    new: str
    message: str
    at: str = ""

    def spoil(self, files: dict[str, str]) -> None:
        """Nothing; the flaw is in *files*."""
        if files[self.file].count(self.old) < 1:
            raise LookupError(f"{self.old!r} is not in {self.file}")
        files[self.file] = files[self.file].replace(self.old, self.new, 1)

    def line(self, files: dict[str, str]) -> int:
        """Where the report is due in *files*, from 1."""
        at = (self.at or self.new).split("\n")[0]
        lines = files[self.file].split("\n")
        return next(number for number, line in enumerate(lines, start=1) if at in line)


def spoilt(flaws: Iterable[Flaw]) -> dict[str, str]:
    """The files with all *flaws* in them."""
    files = dict(FILES)
    for flaw in flaws:
        flaw.spoil(files)
    return files


def write(parent: Path, files: dict[str, str], name: str = ID) -> Path:
    """The folder, in *parent*, that holds *files*."""
    folder = parent / name
    folder.mkdir(parents=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder
