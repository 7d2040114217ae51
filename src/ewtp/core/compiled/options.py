"""What each line could claim and did not: every claim that would lower its duties, with the duty it would save."""

from __future__ import annotations

from typing import Any

from ewtp.core.compiled.arithmetic import FAILED, POWERS, counted
from ewtp.core.compiled.charging import (
    DESTINATION_SCHEDULE,
    DIRECTORY_CLAIM,
    DIRECTORY_LIST,
    DIRECTORY_START,
    INSIDE_UNION,
    K_BUYER,
    K_COUNT,
    K_CURRENCY,
    K_CUSTOMS,
    K_DAY,
    K_ECONOMIES,
    K_GOODS,
    K_KEYS,
    K_LINE,
    K_LISTS,
    K_MINOR,
    K_MODE,
    K_ORIGIN,
    K_RATES,
    K_TRANSPORT,
    K_UNIT,
    OFFER_CLAIM,
    RATE_WIDTH,
    SCHEDULE_ENTRY,
    get,
    of_outcome,
    unknowns_of,
)
from ewtp.core.compiled.finding import find_outcome, list_at, matching_entry
from ewtp.core.compiled.layout import (
    A_CUSTOMS,
    A_GOODS,
    DECIMALS,
    F_CURRENCY,
    F_DUTY_MODE,
    F_DUTY_UNIT,
    F_FOREIGN,
    F_MINOR,
    F_RATE,
    F_UNTIL,
    F_WITHOUT_RATE,
    NO_CLAIM,
    NO_RATE,
)
from ewtp.core.compiled.levying import (
    R_ADDITIONAL,
    R_DUTY,
    R_NARROW,
    R_NARROW_OUTCOME,
    R_UNKNOWNS,
    R_WIDE,
    R_WIDE_OUTCOME,
    duties,
)
from ewtp.core.compiled.lists import FACETS, Facet
from ewtp.core.compiled.outcomes import CLAIMED, RELIEVED
from ewtp.core.compiled.tables import O_FLAGS, O_OFFERS, O_OFFERS_END
from ewtp.core.compiled.unknowns import COSTLESS

# Columns of an option: its line, the number of the claim, the duty saved in ten-thousandths (NOT_TOLD where that
# cannot be computed), the list of lower duties that the claim brings in (EXEMPTED where it lifts additional duties).
O_LINE, O_CLAIM, O_SAVING, O_LIST = range(4)
OPTION_FIELDS = 4
NOT_TOLD = EXEMPTED = -1
# What a line was decided by: list and outcome of its levies, of its duty, and of both its lists of additional duties.
B_LEVIES, B_LEVIED, B_DUTY, B_DUTIED, B_NARROW, B_NARROWED, B_WIDE, B_WIDENED = range(8)
BASIS_FIELDS = 8
_DUTY, _LEVIES, _LOWER = K_LISTS + int(Facet.DUTY), K_LISTS + int(Facet.LEVIES), K_LISTS + int(Facet.LOWER)


@counted()
def list_options(
    book: Any, lines: Any, frames: Any, results: Any, entries: Any, scratch: Any, basis: Any, options: Any
) -> int:
    """List the options of lines that the kernel has answered without a claim; how many there are.

    Only as many as ``options`` has room for are written. ``basis``, zeroes, gets what decided each line. A line whose
    options the scalar path has to say is marked in ``results``.
    """
    case, stack, now, then, _ = scratch
    count = lines.day.shape[0]
    case[K_COUNT], case[K_ECONOMIES], case[K_KEYS] = count, frames.economies, lines.keys
    quantities, sources = lines.quantities, lines.sources
    fields = frames.fields
    found = 0
    for line in range(count):
        if results.scalar[line] or results.refusal[line]:
            continue
        target, source, day = lines.destination[line], lines.source[line], lines.day[line]
        frame = frames.first[target * frames.currencies + lines.currency[line]]
        while day >= fields[frame, F_UNTIL]:
            frame += 1
        rate = fields[frame, F_RATE]
        if rate >= 0 and frames.rates[day - frames.first_day, rate, 0] == NO_RATE:
            frame = fields[frame, F_WITHOUT_RATE]
        schedule = get(book, DESTINATION_SCHEDULE, target)
        code = lines.code[line]
        matched = matching_entry(book, entries[schedule, code], lines.code_key[code], lines.code_exists[code], day)
        own = (matched >> 1) - get(book, SCHEDULE_ENTRY, schedule)
        for facet in range(FACETS):
            case[K_LISTS + facet] = list_at(book, target, facet, own)
        coin = POWERS[DECIMALS - fields[frame, F_MINOR]]
        case[K_LINE], case[K_DAY], case[K_ORIGIN] = line, day, lines.origin[line]
        case[K_BUYER], case[K_TRANSPORT] = lines.buyer[line], lines.transport[line]
        case[K_GOODS] = results.amounts[A_GOODS, line] // coin
        case[K_CUSTOMS] = results.amounts[A_CUSTOMS, line] // coin
        case[K_CURRENCY], case[K_MINOR] = fields[frame, F_CURRENCY], fields[frame, F_MINOR]
        case[K_UNIT], case[K_MODE] = fields[frame, F_DUTY_UNIT], fields[frame, F_DUTY_MODE]
        if fields[frame, F_FOREIGN]:
            for currency in range(frames.foreign.shape[1]):
                for way in range(2):
                    rate = frames.foreign[frame, currency, way]
                    at = K_RATES + RATE_WIDTH * currency + 2 * way
                    case[at] = NO_RATE
                    if rate >= 0:
                        case[at] = frames.rates[day - frames.first_day, rate, 0]
                        case[at + 1] = frames.rates[day - frames.first_day, rate, 1]
        levied = find_outcome(book, case, case[_LEVIES], NO_CLAIM)
        basis[line, B_LEVIES], basis[line, B_LEVIED] = case[_LEVIES], levied
        if get(book, INSIDE_UNION, source * frames.economies + target):
            continue
        basis[line, B_DUTY], basis[line, B_DUTIED] = case[_DUTY], find_outcome(book, case, case[_DUTY], NO_CLAIM)
        duties(book, case, NO_CLAIM, quantities, sources, stack, now)
        basis[line, B_NARROW], basis[line, B_NARROWED] = now[R_NARROW], now[R_NARROW_OUTCOME]
        basis[line, B_WIDE], basis[line, B_WIDENED] = now[R_WIDE], now[R_WIDE_OUTCOME]
        relieved = of_outcome(book, levied, O_FLAGS) & RELIEVED
        paid = 0 if relieved else now[R_DUTY] + now[R_ADDITIONAL]
        whole = not (unknowns_of(book, levied, 0) | now[R_UNKNOWNS]) & ~COSTLESS
        low = get(book, DIRECTORY_START, case[_LOWER])
        high = get(book, DIRECTORY_START, case[_LOWER] + 1)
        # First the lower duties, then the exemptions that each of the two lists of additional duties offers.
        for part in range(3):
            if part:
                outcome = now[R_NARROW_OUTCOME + 3 * (part - 1)]
                low, high = of_outcome(book, outcome, O_OFFERS), of_outcome(book, outcome, O_OFFERS_END)
            for place in range(low, high):
                listed = EXEMPTED
                claim = get(book, OFFER_CLAIM, place) if part else get(book, DIRECTORY_CLAIM, place)
                if not part:
                    listed = get(book, DIRECTORY_LIST, place)
                    outcome = find_outcome(book, case, listed, claim)
                    if outcome == FAILED:
                        results.scalar[line] = True
                        continue
                    if not of_outcome(book, outcome, O_FLAGS) & CLAIMED:
                        continue
                if duties(book, case, claim, quantities, sources, stack, then) == FAILED:
                    results.scalar[line] = True
                    continue
                saving = NOT_TOLD
                if whole and not then[R_UNKNOWNS] & ~COSTLESS:
                    saving = (paid - then[R_DUTY] - then[R_ADDITIONAL]) * coin
                    if saving <= 0:
                        continue
                if found < options.shape[0]:
                    options[found, O_LINE], options[found, O_CLAIM] = line, claim
                    options[found, O_SAVING], options[found, O_LIST] = saving, listed
                found += 1
    return found
