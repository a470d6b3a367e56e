"""The briefings' directory: taken over whole or refused whole, while the old store answers."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from bot import texts
from bot.apart import apart
from bot.directory import Directory, signature
from bot.push_text import arranger
from bot.render import Renderer
from bot.shelf import Shelf
from bot.store import Store
from bot.takeover import Parts, Takeover
from knowledge import Library, ask
from knowledge.load import Content, usable_content
from knowledge.outcomes import Answered
from tests.knowledge.marrowby import SMALLTALK

BRIEFINGS = Path(__file__).parents[1] / "briefings"
MAY, JUNE = "2020-05-04-harbour", "2020-06-01-harbour"
ENGLISH = texts.load(texts.path_of("en"))
NOW = dt.datetime(2020, 6, 2, 23, 30, tzinfo=dt.UTC)
"""Already 3 June where the briefings are at home."""


@dataclass
class Told:
    """What the admins were told."""

    said: list[str] = field(default_factory=list)

    async def tell(self, key: str, /, **values: object) -> None:
        self.said.append(ENGLISH.say(key, **values))


@dataclass
class Bench:
    """A directory that may be changed, and what watches it."""

    folder: Path
    data: Path
    store: Store
    told: Told = field(default_factory=Told)
    loads: int = 0

    def __post_init__(self) -> None:
        self.smalltalk.write_text(SMALLTALK, encoding="utf-8")
        content = self.read()
        library = Library(content.briefings, content.smalltalk)
        self.refused = content.refused
        self.shelf = Shelf(library, partial(Renderer, ENGLISH))
        parts = Parts(
            load=self.load,
            bind=Library,
            shelf=self.shelf,
            editions=self.store.editions,
            arrange=arranger(ENGLISH),
            alerts=self.told,
            clock=lambda: NOW,
            pushed=self.data / "pushed",
        )
        self.directory = Directory(self.folder, parts)

    def load(self) -> Content:
        self.loads += 1
        return self.read()

    def read(self) -> Content:
        """What lies there, with little smalltalk: that which is shipped is long."""
        return usable_content(self.folder, self.smalltalk)

    @property
    def smalltalk(self) -> Path:
        """The file of smalltalk."""
        return self.data / "smalltalk.yaml"

    def use(self, load: Callable[[], Content]) -> None:
        """Nothing; from here on *load* reads the directory."""
        parts = replaced(self.directory._with, load=load)
        self.directory._with = parts
        self.directory._takeover = Takeover(self.folder, parts)

    async def looks(self, times: int = 2) -> None:
        """Nothing; the directory was looked at so often."""
        for _ in range(times):
            await self.directory.look()

    async def editions(self) -> list[tuple[str, int, bool]]:
        """The editions: briefing, revision, and whether it is only offered."""
        found = [known.edition for known in await self.store.editions.known()]
        return [(e.briefing, e.revision, e.offered) for e in found]

    async def push(self, edition: int) -> None:
        """Nothing; somebody has *edition* as it is now."""
        await self.store.db.write(
            "INSERT INTO delivery (subscription, edition, kind, status, sent_revision, not_before,"
            " expires_at) SELECT 1, id, 0, 2, revision, 0, 0 FROM edition WHERE id = ?",
            (edition,),
        )

    def answers(self, question: str) -> str:
        """What the shelf says to *question*."""
        outcome = ask(self.shelf.library, question)
        return outcome.text if isinstance(outcome, Answered) else ""

    def edit(self, briefing: str, old: str, new: str) -> None:
        """Nothing; every file of *briefing* says *new* for *old*."""
        for path in (self.folder / briefing).iterdir():
            text = path.read_text(encoding="utf-8")
            if old in text:
                path.write_text(text.replace(old, new), encoding="utf-8")

    def add(self, briefing: str, headline: str = "All is well in Port Alba") -> None:
        """Nothing; there is a briefing more, with another headline."""
        shutil.copytree(BRIEFINGS / JUNE, self.folder / briefing)
        self.edit(briefing, "Ferries leave Port Alba again", headline)
        self.edit(briefing, "40 workers", "60 workers")


@pytest_asyncio.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A directory with one briefing, at the very first start."""
    folder = tmp_path / "briefings"
    shutil.copytree(BRIEFINGS / MAY, folder / MAY)
    async with await Store.open(tmp_path / "data" / "bot.sqlite3") as store:
        found = Bench(folder, tmp_path / "data", store)
        await found.directory.start()
        yield found


WORKERS = "How many workers repaired the quay?"


# Taken over


async def test_what_is_there_at_the_first_start_is_offered(bench: Bench) -> None:
    assert await bench.editions() == [(MAY, 1, True)]
    await bench.directory.start()
    assert await bench.editions() == [(MAY, 1, True)]


async def test_a_new_briefing_is_taken_at_the_second_look(bench: Bench) -> None:
    bench.add(JUNE)
    await bench.looks(1)
    assert bench.loads == 0
    await bench.looks(1)
    assert await bench.editions() == [(MAY, 1, True), (JUNE, 1, False)]
    assert "60 workers" in bench.answers(WORKERS)
    await bench.looks(3)
    assert bench.loads == 1
    assert bench.told.said == []


async def test_what_is_still_being_copied_is_not_read(bench: Bench) -> None:
    target = bench.folder / JUNE
    target.mkdir()
    for path in sorted((BRIEFINGS / JUNE).iterdir()):
        shutil.copy(path, target)
        await bench.looks(1)
    assert bench.loads == 0
    await bench.looks(1)
    assert (await bench.editions())[1:] == [(JUNE, 1, False)]
    assert bench.told.said == []


async def test_a_change_while_it_is_read_is_waited_for(bench: Bench) -> None:
    bench.add(JUNE)
    load = bench.load

    def slow() -> Content:
        found = load()
        bench.edit(JUNE, "60 workers", "70 workers")
        return found

    bench.use(slow)
    await bench.looks(2)
    assert await bench.editions() == [(MAY, 1, True)]
    bench.use(load)
    await bench.looks(1)
    assert "70 workers" in bench.answers(WORKERS)


def replaced(parts: Parts, **changes: object) -> Parts:
    values = {name: getattr(parts, name) for name in Parts.__dataclass_fields__}
    return Parts(**(values | changes))


async def test_several_new_briefings_are_editions_in_the_order_of_their_dates(
    bench: Bench,
) -> None:
    bench.add("2020-06-09-later", "Later")
    bench.edit("2020-06-09-later", "2020-06-01", "2020-06-09")
    bench.add("2020-06-05-sooner", "Sooner")
    await bench.looks()
    assert [e[0] for e in await bench.editions()] == [MAY, "2020-06-05-sooner", "2020-06-09-later"]


async def test_a_briefing_is_new_whatever_its_date(bench: Bench) -> None:
    bench.add("2019-01-01-archive")
    bench.edit("2019-01-01-archive", "2020-06-01", "2019-01-01")
    await bench.looks()
    assert (await bench.editions())[1:] == [("2019-01-01-archive", 1, False)]


async def test_of_a_deleted_briefing_the_edition_stays_and_the_answers_go(bench: Bench) -> None:
    bench.add(JUNE)
    await bench.looks()
    shutil.rmtree(bench.folder / JUNE)
    await bench.looks()
    assert bench.answers(WORKERS) == ""
    known = await bench.editions()
    assert known == [(MAY, 1, True), (JUNE, 1, False)]
    bench.add(JUNE)
    await bench.looks()
    assert await bench.editions() == known


async def test_a_text_that_nobody_has_changes_freely(bench: Bench) -> None:
    bench.edit(MAY, "Two ferries", "Three ferries")
    await bench.looks()
    assert await bench.editions() == [(MAY, 2, True)]
    bench.edit(MAY, "pairs:", "# seen\npairs:")
    await bench.looks()
    assert await bench.editions() == [(MAY, 2, True)]


# Refused


async def refused(bench: Bench, *, editions: list[tuple[str, int, bool]] | None = None) -> str:
    """What the admins are told of a change; the old store answers, nothing else changed."""
    library, before = bench.shelf.library, editions or await bench.editions()
    await bench.looks(4)
    assert bench.shelf.library.briefings == library.briefings
    assert await bench.editions() == before
    [said] = bench.told.said
    assert "cannot be used: " in said
    bench.told.said.clear()
    return said


def spoil(bench: Bench, briefing: str) -> None:
    """Nothing; *briefing* cannot be read."""
    (bench.folder / briefing / "qa.yaml").write_text("pairs: [", encoding="utf-8")


async def test_one_broken_folder_holds_back_no_other(bench: Bench) -> None:
    bench.add(JUNE)
    bench.add("2020-06-09-broken")
    qa = bench.folder / "2020-06-09-broken" / "qa.yaml"
    spoil(bench, "2020-06-09-broken")
    await bench.looks(4)
    [said] = bench.told.said
    assert said.startswith("These briefings cannot be used: 2020-06-09-broken. What answered")
    assert " 2020-06-09-broken/qa.yaml:2: not YAML" in said
    assert bench.loads == 1
    assert await bench.editions() == [(MAY, 1, True), (JUNE, 1, False)]
    shutil.copy(BRIEFINGS / JUNE / "qa.yaml", qa)
    bench.edit("2020-06-09-broken", "40 workers", "60 workers")
    bench.edit("2020-06-09-broken", "All is well", "All is very well")
    await bench.looks()
    assert len(await bench.editions()) == 3


async def test_of_a_folder_that_breaks_the_old_store_answers_on(bench: Bench) -> None:
    bench.add(JUNE)
    await bench.looks()
    bench.edit(JUNE, "60 workers", "70 workers")
    spoil(bench, JUNE)
    bench.edit(MAY, "Two ferries", "Three ferries")
    await bench.looks()
    assert "60 workers" in bench.answers(WORKERS)
    assert await bench.editions() == [(MAY, 2, True), (JUNE, 1, False)]


async def test_an_undeclared_change_holds_back_no_other(bench: Bench) -> None:
    await bench.push(1)
    bench.edit(MAY, "Two ferries", "Three ferries")
    bench.add(JUNE)
    await bench.looks()
    [said] = bench.told.said
    assert f"cannot be used: {MAY}." in said
    assert "the text of 'damage' was pushed" in said
    assert {b.id for b in bench.shelf.library.briefings} == {JUNE, MAY}
    points = bench.shelf.library.briefings[-1].points
    assert any("Two ferries" in point.text for point in points)
    assert await bench.editions() == [(MAY, 1, True), (JUNE, 1, False)]


async def test_a_renamed_briefing_holds_back_no_other_and_answers_by_its_old_name(
    bench: Bench,
) -> None:
    (bench.folder / MAY).rename(bench.folder / "2020-05-04-port")
    bench.add(JUNE)
    await bench.looks()
    assert "2020-05-04-port:1: this briefing was seen as" in bench.told.said[0]
    assert {b.id for b in bench.shelf.library.briefings} == {JUNE, MAY}
    assert await bench.editions() == [(MAY, 1, True), (JUNE, 1, False)]


async def test_a_start_leaves_out_what_is_broken_and_tells(bench: Bench) -> None:
    bench.add(JUNE)
    spoil(bench, MAY)
    again = Bench(bench.folder, bench.data, bench.store)
    await again.directory.start(again.refused)
    [said] = again.told.said
    assert said.startswith(f"These briefings cannot be used: {MAY}. They are left out until")
    assert "qa.yaml:2: not YAML" in said
    assert "60 workers" in again.answers(WORKERS)
    assert await bench.editions() == [(MAY, 1, True), (JUNE, 1, False)]
    await again.looks(3)
    assert again.loads == 0  # it waits to be mended
    shutil.copy(BRIEFINGS / MAY / "qa.yaml", again.folder / MAY)
    await again.looks()
    assert {b.id for b in again.shelf.library.briefings} == {JUNE, MAY}


async def test_what_was_broken_at_the_very_first_start_is_offered_too(tmp_path: Path) -> None:
    folder = tmp_path / "briefings"
    for briefing in (MAY, JUNE):
        shutil.copytree(BRIEFINGS / briefing, folder / briefing)
    async with await Store.open(tmp_path / "data" / "bot.sqlite3") as store:
        (folder / MAY / "qa.yaml").unlink()
        bench = Bench(folder, tmp_path / "data", store)
        await bench.directory.start(bench.refused)
        shutil.copy(BRIEFINGS / MAY / "qa.yaml", folder / MAY)
        bench.add("2020-06-09-later")
        await bench.looks()
        assert sorted(await bench.editions()) == [
            (MAY, 1, True), (JUNE, 1, True), ("2020-06-09-later", 1, False),
        ]  # fmt: skip


async def test_a_half_copied_folder_that_rests_is_refused(bench: Bench) -> None:
    bench.add(JUNE)
    (bench.folder / JUNE / "qa.yaml").unlink()
    assert "qa.yaml:1: missing" in await refused(bench)


async def test_an_empty_directory_is_refused(bench: Bench) -> None:
    shutil.rmtree(bench.folder / MAY)
    assert "no briefing here" in await refused(bench)
    assert bench.answers("Who opened the lighthouse?")


async def test_a_missing_directory_is_refused(bench: Bench) -> None:
    shutil.rmtree(bench.folder)
    assert "no briefing here" in await refused(bench)


async def test_a_renamed_briefing_is_refused(bench: Bench) -> None:
    (bench.folder / MAY).rename(bench.folder / "2020-05-04-port")
    said = await refused(bench)
    assert f"2020-05-04-port:1: this briefing was seen as '{MAY}' before" in said


async def test_a_second_copy_is_refused(bench: Bench) -> None:
    shutil.copytree(bench.folder / MAY, bench.folder / "2020-05-04-copy")
    assert f"was seen as '{MAY}' before" in await refused(bench)


async def test_many_problems_are_counted_and_the_first_are_named(bench: Bench) -> None:
    for number in range(9):
        (bench.folder / f"2020-07-0{number}-empty").mkdir()
    said = await refused(bench)
    assert "There are 36 problems" in said
    assert said.count("missing") == 5


async def test_what_no_check_foresaw_is_refused(bench: Bench) -> None:
    def broken() -> Content:
        raise RecursionError("too deep")

    bench.use(broken)
    bench.add(JUNE)
    assert "too deep" in await refused(bench)


# Links


async def test_a_linked_folder_is_a_briefing_and_its_changes_are_seen(
    bench: Bench, tmp_path: Path
) -> None:
    bench.add(JUNE)
    (bench.folder / JUNE).rename(tmp_path / JUNE)
    (bench.folder / "current").symlink_to(tmp_path / JUNE)
    await bench.looks()
    assert (await bench.editions())[1:] == [(JUNE, 1, False)]
    qa = tmp_path / JUNE / "qa.yaml"
    qa.write_text(qa.read_text(encoding="utf-8").replace("60 workers", "61 workers"), "utf-8")
    await bench.looks(1)
    assert bench.directory._last != bench.directory._settled


async def test_a_link_to_another_briefing_is_refused(bench: Bench) -> None:
    (bench.folder / "2020-09-09-again").symlink_to(MAY)
    assert "once more: keep one" in await refused(bench)


async def test_links_that_lead_nowhere_are_passed_over(bench: Bench) -> None:
    (bench.folder / "2020-09-09-nowhere").symlink_to("nothing")
    (bench.folder / "2020-09-09-loop").symlink_to("2020-09-09-loop")
    await bench.looks()
    assert bench.loads == 0
    (bench.folder / MAY / "measured.yaml").symlink_to("nothing")
    await bench.looks()
    assert bench.told.said == []


async def test_a_linked_file_is_refused(bench: Bench, tmp_path: Path) -> None:
    qa = bench.folder / MAY / "qa.yaml"
    qa.rename(tmp_path / "qa.yaml")
    qa.symlink_to(tmp_path / "qa.yaml")
    assert "not a file of this folder" in await refused(bench)


# What readers have


async def test_a_pushed_text_does_not_change_without_an_entry(bench: Bench) -> None:
    await bench.push(1)
    bench.edit(MAY, "Two ferries", "Three ferries")
    said = await refused(bench)
    assert f"{MAY}/briefing.yaml:15: the text of 'damage' was pushed" in said


async def test_other_words_of_a_suggested_question_are_no_revision(bench: Bench) -> None:
    await bench.push(1)
    bench.edit(MAY, "How much did the lighthouse cost?", "What did the lighthouse cost?")
    await bench.looks()
    assert await bench.editions() == [(MAY, 1, True)]
    assert bench.loads == 1
    assert bench.told.said == []


async def test_another_citation_of_a_pushed_point_is_a_revision(bench: Bench) -> None:
    await bench.push(1)
    bench.edit(MAY, "Two ferries were damaged, but nobody was hurt", "Two ferries were damaged")
    briefing = bench.folder / MAY / "briefing.yaml"
    text = briefing.read_text(encoding="utf-8")
    said = "Two ferries were damaged, but nobody was hurt."
    briefing.write_text(text.replace('text: "Two ferries were damaged."', f'text: "{said}"'))
    article = BRIEFINGS / MAY / "article.md"
    shutil.copy(article, bench.folder / MAY)
    await bench.looks()
    assert bench.told.said == []
    assert await bench.editions() == [(MAY, 2, True)]


async def test_a_declared_correction_is_a_revision_with_a_notice(bench: Bench) -> None:
    await bench.push(1)
    bench.edit(MAY, "Two ferries", "Three ferries")
    correct(bench, "correction")
    await bench.looks()
    assert await bench.editions() == [(MAY, 2, True)]
    assert await bench.store.editions.plan_corrections(NOW) == 1
    text = await bench.store.editions.text(1, 2)
    assert text is not None
    assert '"on": "2020-06-03"' in text  # the day where the briefing is at home


def correct(bench: Bench, kind: str) -> None:
    """Declares that two ferries are three."""
    (bench.folder / MAY / "corrections.yaml").write_text(
        "corrections:\n  - point: damage\n    was: Two ferries\n    now: Three ferries\n"
        f"    reason: The count was wrong.\n    kind: {kind}\n",
        encoding="utf-8",
    )


@pytest.mark.parametrize(("kind", "notices"), [("correction", 1), ("typo", 0)])
async def test_readers_are_told_of_facts(bench: Bench, kind: str, notices: int) -> None:
    await bench.store.db.write(
        "INSERT INTO subscription (id, chat, language, zone, minute, days, state, next_due,"
        " next_date, state_at, created_at) VALUES (1, 1, 'en', 'UTC', 0, 127, 0, 0, 0, 0, 0)",
        (),
    )
    await bench.push(1)
    bench.edit(MAY, "Two ferries", "Three ferries")
    correct(bench, kind)
    await bench.looks()
    await bench.store.editions.plan_corrections(NOW)
    [[count]] = await bench.store.db.read("SELECT count(*) FROM delivery WHERE kind = 1")
    assert count == notices


async def test_an_announced_entry_that_is_taken_back_is_refused(bench: Bench) -> None:
    await bench.push(1)
    bench.edit(MAY, "Two ferries", "Three ferries")
    correct(bench, "correction")
    await bench.looks()
    (bench.folder / MAY / "corrections.yaml").unlink()
    bench.edit(MAY, "Three ferries", "Two ferries")
    assert "was announced to readers as number 1" in await refused(bench)


async def test_at_the_start_an_undeclared_change_is_told_and_pushed_to_nobody(
    bench: Bench,
) -> None:
    await bench.push(1)
    bench.edit(MAY, "Two ferries", "Three ferries")
    again = Bench(bench.folder, bench.data, bench.store)
    await again.directory.start()
    [said] = again.told.said
    assert "the text of 'damage' was pushed" in said
    assert f"{MAY}. They answer all the same, since there are no others." in said
    assert again.answers("Who opened the lighthouse?")
    assert await bench.editions() == [(MAY, 1, True)]


async def test_at_the_start_an_undeclared_change_does_not_answer_until_it_is_mended(
    bench: Bench,
) -> None:
    await bench.push(1)
    bench.edit(MAY, "Two ferries", "Three ferries")
    bench.add(JUNE)
    again = Bench(bench.folder, bench.data, bench.store)
    await again.directory.start()
    [said] = again.told.said
    assert f"{MAY}. They are left out until that is mended; all others answer. There is 1" in said
    assert "the text of 'damage' was pushed" in said
    assert [b.id for b in again.shelf.library.briefings] == [JUNE]
    assert "60 workers" in again.answers(WORKERS)
    assert await bench.editions() == [(MAY, 1, True), (JUNE, 1, False)]
    correct(again, "correction")
    await again.looks()
    assert [b.id for b in again.shelf.library.briefings] == [JUNE, MAY]
    assert (await bench.editions())[0] == (MAY, 2, True)


async def test_at_the_start_a_renamed_briefing_does_not_answer_until_it_has_its_name_again(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.add(JUNE)
    await bench.looks()
    await bench.push(1)
    port = bench.folder / "2020-05-04-port"
    (bench.folder / MAY).rename(port)
    again = Bench(bench.folder, bench.data, bench.store)
    await again.directory.start()
    [said] = again.told.said
    assert said.startswith(f"These briefings cannot be used: {port.name}. They are left out until")
    assert f"{port.name}:1: this briefing was seen as '{MAY}' before" in said
    assert f"refused: {port.name}\n" in caplog.text
    assert [b.id for b in again.shelf.library.briefings] == [JUNE]
    assert await bench.editions() == [(MAY, 1, True), (JUNE, 1, False)]
    port.rename(bench.folder / MAY)
    await again.looks()
    assert [b.id for b in again.shelf.library.briefings] == [JUNE, MAY]
    assert again.told.said == [said]


async def test_at_the_start_a_copy_leaves_the_briefing_in_place(bench: Bench) -> None:
    shutil.copytree(bench.folder / MAY, bench.folder / "2020-05-04-copy")
    again = Bench(bench.folder, bench.data, bench.store)
    await again.directory.start()
    assert [b.id for b in again.shelf.library.briefings] == [MAY]
    assert "2020-05-04-copy. They are left out" in again.told.said[0]


async def test_at_the_start_a_renamed_briefing_answers_if_there_is_no_other(bench: Bench) -> None:
    port = bench.folder / "2020-05-04-port"
    (bench.folder / MAY).rename(port)
    again = Bench(bench.folder, bench.data, bench.store)
    await again.directory.start()
    [said] = again.told.said
    assert f"{port.name}. They answer all the same, since there are no others." in said
    assert [b.id for b in again.shelf.library.briefings] == [port.name]
    assert await bench.editions() == [(MAY, 1, True)]


async def test_what_readers_have_lies_where_check_looks(bench: Bench) -> None:
    path = bench.data / "pushed" / f"{MAY}.yaml"
    await bench.looks(1)
    assert not path.exists()
    await bench.push(1)
    await bench.looks(1)
    assert 'text: "Two ferries were damaged, but nobody was hurt."' in path.read_text("utf-8")
    bench.edit(MAY, "Two ferries", "Three ferries")
    correct(bench, "correction")
    await bench.looks()
    assert 'text: "Three ferries were damaged' in path.read_text("utf-8")
    assert 'now: "Three ferries"' in path.read_text("utf-8")


async def test_a_damaged_edition_is_left_alone(bench: Bench) -> None:
    await bench.push(1)
    await bench.store.db.write("UPDATE revision SET points = 'odd'", ())
    bench.edit(MAY, "Two ferries", "Three ferries")
    bench.add(JUNE)
    await bench.looks()
    assert await bench.editions() == [(MAY, 1, True), (JUNE, 1, False)]


# Beside the answers


async def test_the_old_store_answers_while_the_new_one_is_read(bench: Bench) -> None:
    def slow() -> Content:
        time.sleep(0.3)
        return bench.read()

    bench.use(slow)
    bench.add(JUNE)
    await bench.looks(1)
    reading = asyncio.create_task(bench.directory.look())
    answers, longest = [], 0.0
    while not reading.done():
        began = time.monotonic()
        answers.append(bench.answers(WORKERS))
        await asyncio.sleep(0.005)
        longest = max(longest, time.monotonic() - began)
    await reading
    assert len(answers) > 10
    assert longest < 0.25
    assert set(answers[:-1]) == {""}
    assert "60 workers" in bench.answers(WORKERS)


async def test_the_watch_ends_at_once_even_while_it_reads(bench: Bench) -> None:
    def endless() -> Content:
        time.sleep(2)
        return bench.read()

    bench.use(endless)
    bench.add(JUNE)
    stop = asyncio.Event()
    watch = asyncio.create_task(bench.directory.run(stop, every=0.01))
    await asyncio.sleep(0.3)
    began = time.monotonic()
    stop.set()
    await watch
    assert time.monotonic() - began < 0.5


async def until(done: Callable[[], bool]) -> None:
    """Nothing; it is done."""
    while not done():  # noqa: ASYNC110 (nothing tells it)
        await asyncio.sleep(0.01)


async def test_the_watch_survives_what_goes_wrong(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.add(JUNE)
    stop = asyncio.Event()
    await bench.store.db.write("ALTER TABLE edition RENAME TO away", ())
    watch = asyncio.create_task(bench.directory.run(stop, every=0.01))
    async with asyncio.timeout(5):
        await until(lambda: "looked at again later" in caplog.text)
        await bench.store.db.write("ALTER TABLE away RENAME TO edition", ())
        await until(lambda: len(bench.shelf.library.briefings) == 2)
    stop.set()
    await watch


async def test_work_apart_gives_its_result_or_its_error() -> None:
    def add(one: int, other: int) -> int:
        return one + other

    assert await apart(add, 1, 2) == 3
    with pytest.raises(ZeroDivisionError):
        await apart(divmod, 1, 0)


def test_a_signature_tells_any_change(tmp_path: Path) -> None:
    shutil.copytree(BRIEFINGS / MAY, tmp_path / MAY)
    seen = {signature(tmp_path)}
    qa = tmp_path / MAY / "qa.yaml"
    text, at = qa.read_text(encoding="utf-8"), qa.stat()
    qa.write_text(text.replace("storm", "gales"), encoding="utf-8")  # as long as before
    os.utime(qa, ns=(at.st_atime_ns, at.st_mtime_ns))
    seen.add(signature(tmp_path))
    (tmp_path / MAY / "extra.txt").touch()
    seen.add(signature(tmp_path))
    (tmp_path / MAY).rename(tmp_path / JUNE)
    seen.add(signature(tmp_path))
    assert len(seen) == 4
    assert signature(tmp_path) == signature(tmp_path)
