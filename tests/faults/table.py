"""The table of faults, in the order in which they run."""

from __future__ import annotations

from tests.faults import rows_bad, rows_clock, rows_disk, rows_kill, rows_net, rows_scale
from tests.faults import rows_virtual as virtual
from tests.faults.report import Fault

ROWS: tuple[Fault, ...] = (
    Fault("kill", rows_kill.kill, 1500),
    Fault("recovery", rows_kill.recovery, 900),
    Fault("steps", rows_kill.steps, 1500),
    Fault("sigterm", rows_kill.sigterm, 900),
    Fault("questions", rows_kill.questions, 400),
    Fault("storm", rows_net.storm, 900),
    Fault("gone", rows_net.gone, 400),
    Fault("errors", rows_net.errors, 1200),
    Fault("full", rows_disk.full, 900),
    Fault("writes", rows_disk.writes, 1500),
    Fault("damage", rows_disk.damage, 900),
    Fault("clock", rows_clock.clock, 900),
    Fault("zones", virtual.zones, 900),
    Fault("fuzz", virtual.fuzz, 900),
    Fault("forgery", virtual.forgery, 900),
    Fault("million", rows_scale.million, 400),
    Fault("throughput", rows_scale.throughput, 600),
    Fault("bad", rows_bad.bad, 1200),
)
