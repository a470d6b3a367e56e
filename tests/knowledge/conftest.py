"""What the tests of the library share: the shipped briefing, and an invented one to spoil."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge import Library, load_library
from knowledge.load import SMALLTALK, load_briefing, load_smalltalk
from tests.knowledge import marrowby

SHIPPED = SMALLTALK.parent / "briefings"


@pytest.fixture(scope="session")
def libya() -> Library:
    """All briefings as they are shipped, for what must hold of every one of them."""
    return load_library(SHIPPED)


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
