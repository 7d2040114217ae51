"""The letter that asks for an advance ruling: the facts of an answer, and the questions that it leaves open.

What an answer says about its own rulebook does not concern an authority, so the letter takes from the unknowns only
what the authority can decide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ewtp.core.assessment.effects import Effect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What the applicant can state; no authority has to decide it.
_OWN_FACTS = frozenset({"freight_not_given", "quantity_missing", "part_value_missing"})
_OWN_FORMS = frozenset({"buyer", "transport", "rate"})
_CONDITIONS = frozenset({"condition_open", "relief_open", "paper_open"})


def arrange_letter(presented: Mapping[str, Any], words: str) -> dict[str, Any]:
    """The context of the letter: that of the page, with ``open_questions`` in their order.

    Each question has a ``kind``: ``code``, ``owed``, ``conditions`` with its ``conditions`` (title and text),
    ``options``, ``papers`` where some are named, or ``any_papers``. ``words`` are the applicant's own and describe the
    goods of a question with one line; with several, nobody knows which line they are about.
    """
    lines = presented["lines"]
    conditions = list({(each["title"], each["text"]): each for line in lines for each in _conditions(line)}.values())
    questions: list[dict[str, Any]] = [{"kind": "code"}]
    if any(_is_open(unknown) for line in lines for unknown in line["unknowns"]):
        questions.append({"kind": "owed"})
    if conditions:
        questions.append({"kind": "conditions", "conditions": conditions})
    if any(line["duty_options"] for line in lines):
        questions.append({"kind": "options"})
    questions.append({"kind": "papers" if any(line["requirements"] for line in lines) else "any_papers"})
    return {**presented, "words": words, "open_questions": questions}


def _is_open(unknown: Mapping[str, Any]) -> bool:
    """Whether what is owed depends on what the authority knows; an answer of an older edition states no effect."""
    if unknown["code"] in _OWN_FACTS or unknown.get("form", "") in _OWN_FORMS:
        return False
    return unknown["code"] not in _CONDITIONS and unknown.get("effect") != Effect.NONE


def _conditions(line: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """The rules whose conditions the question did not settle, with the conditions in the law's words."""
    for unknown in line["unknowns"]:
        params = unknown.get("params") or {}
        if unknown["code"] in _CONDITIONS and unknown.get("form", "") not in _OWN_FORMS and "condition" in params:
            said = params["condition"]
            # Answers of an older edition have the words alone.
            text = said["message"] if isinstance(said, dict) else str(said)
            yield {"title": str(params.get("title", "")), "text": text}
