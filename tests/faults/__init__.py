"""Breaks the real bot on purpose and judges what its readers got: `make faults`.

The bot is a process (``bot``), the Bot API another (``tests.fake_telegram``); ``rig`` starts and
ends both. What happened is read from the fake's log (``history``) and judged by a pure function
(``checker``) that never sees our database. ``rows`` are the faults, ``variants`` builds that are
known to be bad: the checker must fail them.
"""
