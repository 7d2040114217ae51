"""From the code asked about to the national line: exact, a subdivision, several lines, or a refusal that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ewtp.core.assessment.sentences import (
    CODE_UNKNOWN,
    CODE_UNKNOWN_HS,
    CODE_UNKNOWN_LINES,
    CODE_UNKNOWN_MORE_LINES,
    CODE_WRONG_EDITION,
    CODE_WRONG_EDITION_HS,
    CODE_WRONG_EDITION_MORE,
)
from ewtp.core.rulebook.correlation import EDITIONS, in_edition
from ewtp.core.values.codes import SUBHEADING_DIGITS
from ewtp.core.values.immutable import immutable
from ewtp.core.values.refusal import Refusal

if TYPE_CHECKING:
    from ewtp.core.assessment.consignment import ConsignmentContext
    from ewtp.core.rulebook.territory import TariffLine, Territory

_MOST_SHOWN = 12


@immutable
class NationalCode:
    """The code rules are matched on; ``lines`` are the national lines below a code that is not one itself.

    ``converted`` is the subheading of the schedule's own edition that holds all goods of the code asked about; empty
    where the schedule has the code itself.
    """

    code: str
    description: str
    lines: tuple[TariffLine, ...] = ()
    # The line of the schedule that the code is, or is a subdivision of.
    declared: str = ""
    converted: str = ""


def national_code(context: ConsignmentContext, code: str) -> NationalCode | Refusal:
    """Find the code in the destination's schedule; without a schedule, in HS 2022.

    A code of another edition is answered under the one subheading that holds all its goods in the schedule's edition.
    """
    tariff = context.tariff
    if tariff is None:
        if context.texts.exists(code):
            return NationalCode(code, context.texts.describe(code))
        known = in_edition(context.book, code[:SUBHEADING_DIGITS], EDITIONS[0])
        if known is None or not context.texts.exists(known):
            return _not_found(context, code, None, ())
        return NationalCode(known, context.texts.describe(known), converted=known)
    day = context.question.day
    line = context.book.line_covering(tariff.code, code, day)
    if line is not None:
        return NationalCode(code, line.description or context.texts.describe(code), declared=line.code)
    if context.texts.exists(code) and not context.book.has_lines_on(tariff.code, day):
        return NationalCode(code, context.texts.describe(code))
    below = context.book.lines_below(tariff.code, code, day)
    if len(below) == 1:
        return NationalCode(below[0].code, below[0].description or context.texts.describe(code))
    if below:
        return NationalCode(code, context.texts.describe(code), below)
    siblings = context.book.lines_below(tariff.code, code[:SUBHEADING_DIGITS], day)
    converted = None if siblings else _convert_code(context, code, tariff)
    return converted or _not_found(context, code, tariff, siblings)


def settle_line(context: ConsignmentContext, national: NationalCode, line: TariffLine) -> NationalCode:
    """The code as one of its national lines."""
    description = line.description or context.texts.describe(line.code)
    return NationalCode(line.code, description, converted=national.converted)


def _convert_code(context: ConsignmentContext, code: str, tariff: Territory) -> NationalCode | None:
    """The code in the schedule's edition; digits beyond the sixth are another schedule's own, and lead nowhere."""
    known = in_edition(context.book, code[:SUBHEADING_DIGITS], tariff.hs_edition)
    lines = context.book.lines_below(tariff.code, known, context.question.day) if known else ()
    if known is None or not lines:
        return None
    if len(lines) > 1:
        return NationalCode(known, context.texts.describe(code), lines, converted=known)
    return NationalCode(lines[0].code, lines[0].description or context.texts.describe(code), converted=known)


def _not_found(
    context: ConsignmentContext, code: str, tariff: Territory | None, siblings: tuple[TariffLine, ...]
) -> Refusal:
    schedule = {"territory": tariff, "nomenclature": tariff.nomenclature} if tariff else {}
    subheading = code[:SUBHEADING_DIGITS]
    if siblings:
        lines = [line.code for line in siblings]
        params = {"code": code, "subheading": subheading, "lines": lines[:_MOST_SHOWN], **schedule}
        sentence = CODE_UNKNOWN_LINES if len(lines) <= _MOST_SHOWN else CODE_UNKNOWN_MORE_LINES
        texts = {line.code: line.description for line in siblings if line.description}
        held: tuple[tuple[str, object], ...] = (("descriptions", texts),) if texts else ()
        return Refusal(sentence, params, details=(("lines", lines), *held))
    edition = tariff.hs_edition if tariff else EDITIONS[0]
    replacements = list(context.book.replacements(subheading, edition))
    if replacements:
        params = {"code": code, "subheading": subheading, "codes": replacements, **schedule}
        sentence = CODE_WRONG_EDITION if tariff else CODE_WRONG_EDITION_HS
        # Waste of electronic goods may have been under any of a thousand codes.
        if tariff and len(replacements) > _MOST_SHOWN:
            params |= {"codes": replacements[:_MOST_SHOWN], "count": len(replacements) - _MOST_SHOWN}
            sentence = CODE_WRONG_EDITION_MORE
        return Refusal(sentence, params, details=(("replaced_by", replacements), ("edition", edition)))
    return Refusal(CODE_UNKNOWN if tariff else CODE_UNKNOWN_HS, {"code": code, **schedule})
