"""The amount that a charge is a share of, as in ``due_field.BASE``."""

from __future__ import annotations

CUSTOMS_VALUE, DUTY_PAID = range(2)
