"""The columns of ``Tables.outcome_fields``, and of an outcome as the kernel reads it.

``FLAGS`` are bits of ``outcome_flag``; ``DUES`` to ``DUES_END`` delimit its charges, ``OFFERS`` to ``OFFERS_END`` the
claims that it offers. ``SETS`` is the first of four sets of rules, whose meaning depends on the facet.
"""

from __future__ import annotations

FLAGS, DUES, DUES_END, SETS = range(4)
# The four sets of an outcome of levies, and the two of one of papers; of duties only the first is used, and those of
# additional duties are what ``omission`` describes.
EXCISE_SET, FEE_SET, TAX_SET, RELIEF_SET = range(SETS, SETS + 4)
REQUIREMENT_SET, PROHIBITION_SET = SETS, SETS + 1
OFFERS, OFFERS_END = RELIEF_SET + 1, RELIEF_SET + 2
WIDTH = OFFERS_END + 1
# A packed outcome continues with its unknowns (of duties, excises or the relief; of fees; of taxes), and with fields
# of its first charge: the share, -1 where it is more than a share of the base, kind, base and ``omission``.
UNKNOWNS, FEE_UNKNOWNS, TAX_UNKNOWNS, SHARE, KIND, BASE, OMISSION = range(WIDTH, WIDTH + 7)
PACKED_WIDTH = OMISSION + 1
