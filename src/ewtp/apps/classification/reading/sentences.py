"""What can be wrong with a search."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

LIMIT_UNREADABLE = Sentence("limit_unreadable", "Give the limit as a whole number from 1 to {most:number}.")
