"""What the tests of the library share: an invented briefing to spoil, and judged answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import Library, ask
from knowledge.folder import JUDGEMENTS
from knowledge.judge import Judged, judge
from knowledge.load import (
    SMALLTALK,
    briefing_folders,
    load_briefing,
    load_judgements,
    load_smalltalk,
)
from knowledge.model import items
from tests.knowledge import marrowby

SHIPPED = SMALLTALK.parent / "briefings"


@pytest.fixture(scope="session")
def judged(libya: Library) -> dict[str, list[Judged]]:
    """What became of its judgements, by the id of each shipped briefing: of it alone, as in `eval`.

    Without the semantic extra.
    """
    found = {}
    for folder in briefing_folders(SHIPPED):
        edition = libya.edition(folder.name)
        known = {item.id for item in items(edition.newest)} | {t.id for t in libya.smalltalk}
        found[folder.name] = [
            judge(judgement, ask(edition, judgement.question, judgement.context))
            for judgement in load_judgements(folder / JUDGEMENTS, known)
        ]
    return found


@pytest.fixture(scope="session")
def marrowby_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of briefings with the invented one of Marrowby in it."""
    folder = tmp_path_factory.mktemp("briefings")
    marrowby.write(folder, marrowby.FILES)
    return folder


@pytest.fixture(scope="session")
def town(marrowby_folder: Path) -> Library:
    """The invented briefing of Marrowby, with the bot's own smalltalk."""
    return Library([load_briefing(marrowby_folder / marrowby.ID)], load_smalltalk(SMALLTALK))
