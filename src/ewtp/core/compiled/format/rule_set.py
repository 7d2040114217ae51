"""The sets of rules behind an answer, as rows of ``Results.sets``: one for each kind of charge and of paper."""

from __future__ import annotations

DUTY, ADDITIONAL_DUTY, EXCISE, FEE, TAX, REQUIREMENT, PROHIBITION = range(7)
COUNT = PROHIBITION + 1
