"""Text messages as files, where no gateway of a network is configured: whoever runs one takes them from there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

SMS_FOLDER = "sms"


def sms_write(*, home: Path, message_id: UUID, to: str, text: str) -> Path:
    """Write a message below ``sms`` in RapidPro's form (``id``, ``to``, ``text``), readable by the owner alone.

    The file is there whole or not at all, and a message that is written again has the same name. OSError where it
    cannot be written.
    """
    folder = home / SMS_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path, draft = folder / f"{message_id}.json", folder / f".{message_id}"
    content = orjson.dumps({"id": str(message_id), "to": to, "text": text})
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
    draft.replace(path)
    return path
