"""For how long what is stored stays: what /privacy and the operator's document promise."""

from __future__ import annotations

DELIVERIES = 10
"""Days after its end at which a delivery is deleted."""
ENDED = 30
"""Days after its end at which a subscription is deleted, with all that is left of it."""
HOURLY = 24
"""Hours for each of which a backup is kept."""
DAILY = 7
"""Days for each of which a backup is kept."""
BACKUPS = DAILY + 1
"""Days after which nothing that was deleted stands in a backup."""
