"""The terms of a tax base, as columns of ``Frames.tax_base``, whose factors are in hundredths."""

from __future__ import annotations

VALUE, CARRIAGE, DUTY, ADDITIONAL_DUTY, EXCISE, FEE = range(6)
COUNT = FEE + 1
