"""A sample of `make faults`: the same rows and checker, with less of everything."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.faults import rows_disk, rows_kill, rows_net
from tests.faults.report import Result
from tests.faults.rig import Rig, rig

SEED = 4
SAMPLE: dict[str, Callable[[Rig], Awaitable[Result]]] = {
    "kill": functools.partial(rows_kill.kill, kills=1, size=500, calls=(100, 300)),
    "sigterm": functools.partial(rows_kill.sigterm, stops=1, size=500, calls=(100, 300)),
    "steps": functools.partial(rows_kill.steps, size=40, only=1, scenarios=(1,)),
    "questions": functools.partial(rows_kill.questions, kills=1, count=100),
    "storm": functools.partial(rows_net.storm, size=25),
    "full": functools.partial(rows_disk.full, moments=1, size=900),
    "damage": functools.partial(
        rows_disk.damage, cases=3, size=40, kinds=("header", "page", "old")
    ),
}


@pytest.fixture(scope="session")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a bot keeps after its very first start: made by the first row, used by all."""
    return tmp_path_factory.mktemp("offered") / "data"


@pytest.mark.parametrize("name", SAMPLE)
async def test_a_row_of_the_fault_table(name: str, offered: Path) -> None:
    async with rig(SEED) as made:
        made.offered = offered
        result = await SAMPLE[name](made)

    assert result.good, result.marks


async def test_the_checker_fails_what_is_known_to_be_bad(offered: Path) -> None:
    async with rig(SEED) as made:
        made.offered = offered
        late = await rows_kill.killed(made, 1, 1_500, {"variant": "late"}, calls=(900, 1_100))

    assert any("without a cause" in broken for broken in late.broken)


async def test_the_checker_fails_a_limiter_that_does_not_limit(offered: Path) -> None:
    async with rig(SEED) as made:
        made.offered = offered
        result = await rows_net.storm(made, 60, 0.05, {"variant": "aio"})

    missed = {what for what, _, good in result.marks if not good}
    assert {"sent during a halt at most 0", "most in any second at most 30"} <= missed
