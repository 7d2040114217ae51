"""``ewtp rulebook compile``: make the compiled form of the latest version, now or of every version to come."""

from __future__ import annotations
