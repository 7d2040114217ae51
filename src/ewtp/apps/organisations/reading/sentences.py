"""What can be wrong with a request about organisations."""

from __future__ import annotations

from ewtp.core.values.sentence import Sentence

ORGANISATION_UNKNOWN = Sentence(
    "organisation_unknown", "There is no organisation {id:quoted} for you: list those that you act for."
)
