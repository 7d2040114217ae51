"""The columns of an economy's record.

As a destination: its ``SCHEDULE`` and the day that ``BEGINS`` on, its tariff status as ``FLAGS``, where its ``SHELF``
is (counted from entry 0), the one list of its ``LEVIES`` or -1 and then where its lists are (``LEVIES_LIST``), the
``UNKNOWNS`` of every line and those of lines that no tax reaches (``NO_TAX``). As an origin: whether it is a
``UNION``. As a source: whether rules on ``EXPORTS`` are known. As source and destination: the first day on which it
``STATUS_DAY`` among customs territories where the book has it. The sanctions ``PROGRAMMES`` that a destination has and
those in which a source or an origin is ``NAMED`` are bits; all of these name it from its ``PROGRAMME_DAY`` on.
"""

from __future__ import annotations

(
    SCHEDULE,
    BEGINS,
    FLAGS,
    SHELF,
    LEVIES,
    LEVIES_LIST,
    UNKNOWNS,
    NO_TAX,
    UNION,
    EXPORTS,
    STATUS_DAY,
    PROGRAMMES,
    NAMED,
    PROGRAMME_DAY,
) = range(14)
