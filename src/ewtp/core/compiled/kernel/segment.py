"""The segments of a packed book: its columns, end to end, by number.

Those up to ``SMALL`` are in ``PackedBook.small``, the others in ``PackedBook.large``; each has the name of its array.
"""

from __future__ import annotations

(
    SHELF_FIELDS,
    OUTCOME_FIELDS,
    ECONOMY_FIELDS,
    TOGETHER,
    CLAIMABLE,
    LEVIES_LIST,
    DIRECTORY_CLAIM,
    DIRECTORY_LIST,
    LIST_FIELDS,
    PATTERN_FIELDS,
    PATTERN_CLAIM,
    SPAN_FIELDS,
    ORIGIN_CLASS,
    CASE_OUTCOME,
    OFFER_CLAIM,
    INSTRUCTION_FIELDS,
    SCHEDULE_ENTRY,
    ENTRY_PARENT,
    ENTRY_RUN,
    RUN_START,
    RUN_DAY,
    RUN_STATUS,
    RUN_VALUE,
    DUE_FIELDS,
    LIMIT_MINOR,
    INSTRUCTION_FIGURE,
    ENTRY_KEY,
) = range(27)
# The names in their order, which is that of the numbers.
NAMES = tuple(name.lower() for name in tuple(globals()) if name.isupper())
SMALL, LARGE = NAMES[:DUE_FIELDS], NAMES[DUE_FIELDS:]
