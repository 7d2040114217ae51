"""The amounts of an answer, as rows of ``Results.amounts`` and as columns of a table of answers."""

from __future__ import annotations

from ewtp.core.rulebook.charge_kinds import CHARGE_COLUMNS

NAMES = ("customs_value", "goods", *CHARGE_COLUMNS, "freight", "insurance", "total", "total_at_least")
COUNT = len(NAMES)
CUSTOMS_VALUE, GOODS, DUTY, ADDITIONAL_DUTY, EXCISE, TAX, FEES, FREIGHT, INSURANCE, TOTAL, TOTAL_AT_LEAST = range(COUNT)
