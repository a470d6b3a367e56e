"""The control: builds that are known to be bad must fail the rows that would catch them."""

from __future__ import annotations

from tests.faults import rows_kill, rows_net
from tests.faults.report import Result
from tests.faults.rig import Rig


async def bad(rig: Rig) -> Result:
    """The checker fails builds that are known to be bad: else it is blind."""
    result = Result("three builds")
    late = await rows_kill.killed(rig, 3, 3_000, {"variant": "late"})
    seen = late.seconds > 3 * rows_kill.MEAN or any(n > rows_kill.MOST for n in late.per_kill)
    told = "; ".join(broken[:60] for broken in late.broken)
    told = f"{late.seconds} second copies in 3 kills; {told}"
    result.mark("record after batch, killed 3 times", told, bool(late.broken) and seen)
    limiter = await rows_net.storm(rig, 300, 0.05, {"variant": "aio"})
    missed = {what for what, _, good in limiter.marks if not good}
    expected = {"sent during a halt at most 0", "most in any second at most 30"}
    result.mark("PTB's limiter in a storm", caught(limiter), expected <= missed)
    retry = await rows_net.errors(rig, 1_000, 5.0, {"variant": "retry"})
    result.mark("except NetworkError: retry", caught(retry), not retry.good)
    return result


def caught(result: Result) -> str:
    """The marks that were missed, with what was reached."""
    return "; ".join(f"{what}: {reached[:60]}" for what, reached, good in result.marks if not good)
