"""The kinds of charges, as in ``due_field.KIND``."""

from __future__ import annotations

DUTY, ADDITIONAL_DUTY, EXCISE, FEE, TAX = range(5)
