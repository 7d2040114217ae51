"""The columns of an entry's record, which destinations with the same lists share.

``DUTY`` is the list of duties, followed by its five fields as ``list_field`` names them; then the lists of the other
facets, and where the directory of lower duties begins and ends. Levies differ by destination and are kept apart.
"""

from __future__ import annotations

from ewtp.core.compiled.kernel import list_field

DUTY, DUTY_FIELDS = 0, 1
NARROW, BROAD, PAPERS, LOW, HIGH = range(DUTY_FIELDS + list_field.WIDTH, DUTY_FIELDS + list_field.WIDTH + 5)
