"""The tables, as steps from an empty file to today's."""

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE work (
        update_id INTEGER PRIMARY KEY,
        attempts INTEGER NOT NULL DEFAULT 0,  -- begun, and not ended in good order
        done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),  -- answered or given up
        seen_at INTEGER NOT NULL  -- Unix seconds
    ) STRICT
    """,
    """
    CREATE TABLE subscription (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- a forgotten one's is never given again
        chat INTEGER NOT NULL,
        topic INTEGER NOT NULL DEFAULT 0,  -- of a forum; 0 for none
        language TEXT NOT NULL,
        zone TEXT NOT NULL,  -- IANA name
        minute INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),  -- of the local day
        days INTEGER NOT NULL CHECK (days BETWEEN 1 AND 127),  -- bit 0 is Monday
        state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),  -- bot.model.State
        paused_until INTEGER,  -- Unix seconds; with state 1 and NULL: until the reader says
        next_due INTEGER NOT NULL,  -- Unix seconds; derived from zone, minute, days, next_date
        next_date INTEGER NOT NULL,  -- the local date that next_due stands for, days since 1970
        since INTEGER NOT NULL DEFAULT 0,  -- editions up to this id are not pushed to it
        last INTEGER NOT NULL DEFAULT 0,  -- the edition that it got last; 0 for none
        strikes INTEGER NOT NULL DEFAULT 0,  -- days in a row on which its chat was not found
        struck INTEGER NOT NULL DEFAULT 0,  -- the last of them, days since 1970
        state_at INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (chat, topic)
    ) STRICT
    """,
    "CREATE INDEX subscription_due ON subscription (next_due, id) WHERE state = 0",
    "CREATE INDEX subscription_paused ON subscription (paused_until) WHERE state = 1",
    """
    CREATE TABLE edition (
        id INTEGER PRIMARY KEY,
        briefing TEXT NOT NULL UNIQUE,  -- the folder's name
        revision INTEGER NOT NULL DEFAULT 0,  -- rises with each change of its points
        seen_at INTEGER NOT NULL,  -- Unix seconds; when its folder was first seen
        offered INTEGER NOT NULL DEFAULT 0,  -- 1: lay there at the first start, is not pushed
        held TEXT,  -- why nothing of it is sent; NULL: it may be
        cancelled INTEGER NOT NULL DEFAULT 0,
        proved INTEGER NOT NULL DEFAULT 0  -- 1: the canary was taken
    ) STRICT
    """,
    """
    CREATE TABLE revision (
        edition INTEGER NOT NULL REFERENCES edition (id),
        number INTEGER NOT NULL,
        points TEXT NOT NULL,  -- JSON: the points as they stood then, and the corrections since
        hash BLOB NOT NULL,  -- SHA-256 of points
        notice INTEGER NOT NULL DEFAULT 0 CHECK (notice IN (0, 1)),  -- 1: it corrects a fact
        made_at INTEGER NOT NULL,
        PRIMARY KEY (edition, number)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE delivery (
        id INTEGER PRIMARY KEY AUTOINCREMENT,  -- nor is this: an answer in flight may name it
        subscription INTEGER NOT NULL,
        edition INTEGER NOT NULL,
        kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),  -- bot.model.Kind
        revision INTEGER NOT NULL DEFAULT 0,  -- kinds 1 and 2: the one that it announces
        part INTEGER NOT NULL DEFAULT 0,
        status INTEGER NOT NULL DEFAULT 0 CHECK (status BETWEEN 0 AND 4),  -- bot.model.Status
        sent_revision INTEGER,  -- the one that was rendered; written with the claim
        base INTEGER NOT NULL DEFAULT 0,  -- the edition that the reader had before; 0 for none
        known INTEGER NOT NULL DEFAULT 0,  -- kinds 1 and 2: the revision that the reader has
        attempts INTEGER NOT NULL DEFAULT 0,  -- claims that may have reached Telegram
        ambiguous INTEGER NOT NULL DEFAULT 0,  -- how many of them nobody knows the end of
        due INTEGER NOT NULL DEFAULT 0,  -- Unix seconds; the hour that was promised, 0 for none
        not_before INTEGER NOT NULL,  -- Unix seconds
        expires_at INTEGER NOT NULL,
        run INTEGER,  -- the start of the bot that claimed it
        message INTEGER,
        reason TEXT,
        done_at INTEGER,
        UNIQUE (subscription, edition, kind, revision, part)
    ) STRICT
    """,
    "CREATE INDEX delivery_pending ON delivery (edition, kind, not_before, id) WHERE status = 0",
    "CREATE INDEX delivery_sending ON delivery (run, id) WHERE status = 1",
    "CREATE INDEX delivery_sent ON delivery (edition, sent_revision, id)"
    " WHERE status = 2 AND kind = 0",
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX delivery_unsure ON delivery (edition, sent_revision, id)"
    " WHERE kind = 0 AND ambiguous > 0",
    "CREATE INDEX delivery_done ON delivery (edition, status, done_at, reason) WHERE status > 1",
)
"""One statement each, applied once, in this order; add at the end, never change one."""
