"""Documents set by a process each: typst keeps what it has set in memory for good, a thousand lines half a gigabyte."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.typesetting.sentences import DOCUMENT_TOO_LONG

if TYPE_CHECKING:
    from collections.abc import Mapping

_PROGRAM = (sys.executable, "-m", "ewtp.gateways.typesetting.typst_program")
# Memory grows with what is set: about half a gigabyte for each megabyte.
MOST_BYTES = 4 * 1024 * 1024
MOST_SECONDS = 60.0


def set_document(
    template: bytes, inputs: Mapping[str, str], *, most_bytes: int = MOST_BYTES, seconds: float = MOST_SECONDS
) -> bytes | Refusal:
    """The PDF of a typst template with its inputs; the same arguments give the same bytes.

    Refuses with ``document_too_long`` where template and inputs are longer than ``most_bytes``, or take more time or
    memory than there is. Raises RuntimeError where the template fails, which is a bug.
    """
    given = json.dumps(dict(inputs)).encode() + b"\n" + template
    if len(given) > most_bytes:
        return Refusal(DOCUMENT_TOO_LONG)
    try:
        done = subprocess.run(_PROGRAM, input=given, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return Refusal(DOCUMENT_TOO_LONG)
    # Ended by a signal, as a system without memory ends a process.
    if done.returncode < 0:
        return Refusal(DOCUMENT_TOO_LONG)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    return done.stdout
