"""Fresh identifiers: the random part comes from the operating system."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ewtp.core.values.ids import ENTROPY_BYTES, id_at

if TYPE_CHECKING:
    from datetime import datetime


def fresh_id(prefix: str, now: datetime) -> str:
    """An identifier that nothing else has, made at ``now``."""
    return id_at(prefix, now, secrets.token_bytes(ENTROPY_BYTES))
