"""What a row came to: each mark with the figure that was reached."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.faults.rig import Rig


@dataclass
class Result:
    """The marks of a row: what, the figure that was reached, whether it passes."""

    load: str
    marks: list[tuple[str, str, bool]] = field(default_factory=list)

    def mark(self, what: str, reached: object, good: bool) -> None:
        """Nothing; one more mark."""
        self.marks.append((what, str(reached), bool(good)))

    def at_most(self, what: str, reached: float, limit: float) -> None:
        """Nothing; passes if *reached* is not over *limit*."""
        self.mark(f"{what} at most {limit:g}", f"{reached:.4g}", reached <= limit)

    def kept(self, broken: list[str]) -> None:
        """Nothing; passes if no promise was *broken*."""
        self.mark("promises kept", "; ".join(broken) or "all", not broken)

    @property
    def good(self) -> bool:
        """Whether every mark was reached."""
        return all(good for _, _, good in self.marks)


@dataclass(frozen=True)
class Fault:
    """A row of the table: its name, what it does, and the most seconds it may take."""

    name: str
    run: Callable[[Rig], Awaitable[Result]]
    within: float = 900.0

    @property
    def does(self) -> str:
        """What it does, in a line."""
        return (self.run.__doc__ or "").split("\n")[0]
