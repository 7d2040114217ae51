"""The state of a line: a row of figures that earlier steps fill in and later ones read.

About the table: how many lines there are and how many quantities the book counts. About the line: its facts, its
entry (``MATCHED``, FAILED where the scalar path answers), its values in minor units, its frame; whether the last
charge was rounded, and the number of the trader's refusal. Then its lists and their outcomes; the last ones are left
to be interned.
"""

from __future__ import annotations

from ewtp.core.compiled.format import rule_set

(
    COUNT,
    KEYS,
    LINE,
    MATCHED,
    CODE,
    SOURCE,
    TARGET,
    ORIGIN,
    DAY,
    CLAIM,
    BUYER,
    TRANSPORT,
    GOODS,
    FREIGHT,
    INSURANCE,
    CUSTOMS,
    FRAME,
    CURRENCY,
    MINOR,
    UNIT,
    MODE,
    INEXACT,
    REFUSAL,
    DUTY,
    DUTY_ROW,
    NARROW,
    BROAD,
    LEVIES,
    PAPERS,
    LOW,
    HIGH,
    DUTIED,
    NARROWED,
    BROADENED,
    LEVIED,
    PAPERED,
    KNOWN,
    UNKNOWNS,
    SETS,
) = range(39)
# From ``SETS`` on, the number of the set found by kind of set, 0 for none. Then, for additional duties, the list that
# the set is of, and the number of one more set where both lists lead to charges.
ADDED = SETS + rule_set.COUNT
PAIR = ADDED + 1
# Whole cache lines, of eight figures each.
WIDTH = -(-(PAIR + 1) // 8) * 8
