"""The distance map of every schedule of the shipped rulebook, from a version in the database, against the time allowed.

Prints one JSON object. It is the first map of a process: no expression has been parsed before. ``processor_seconds``
are those of the process alone, without the database server.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path

ALLOWED_SECONDS = 3.0
DAY = date(2026, 12, 1)


def main() -> None:
    """Print the seconds that the map takes, and of how many schedules."""
    home = tempfile.mkdtemp(prefix="ewtp-bench-")
    os.environ |= {"EWTP_HOME": home, "DJANGO_SETTINGS_MODULE": "ewtp.web.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django  # noqa: PLC0415 - the settings read the environment that is set above

    django.setup()
    from ewtp.apps.distances.reading.distance_report import distances_on  # noqa: PLC0415 - see above
    from ewtp.apps.rulebook.reading.versions import latest_version  # noqa: PLC0415 - see above
    from ewtp.gateways.database.server import database_stop  # noqa: PLC0415 - see above
    from ewtp.web.installation import prepare_installation  # noqa: PLC0415 - see above

    try:
        refused = prepare_installation()
        version = latest_version()
        assert refused is None, refused
        assert version is not None
        start, busy = time.perf_counter(), time.process_time()
        found = distances_on(version.ref, DAY)
        taken, busy = time.perf_counter() - start, time.process_time() - busy
        pairs = found.map.every_pair()
        assert all(pair.tariff is not None for pair in pairs)
        row = {"bench": "distances", "peer": f"every pair within {ALLOWED_SECONDS:g} s", "unit": "s", "n": len(pairs)}
        figures = {"ours": taken, "theirs": ALLOWED_SECONDS, "ratio": ALLOWED_SECONDS / taken, "target": 1, "times": 1}
        figures |= {"processor_seconds": busy}
        print(json.dumps({**row, **figures, "reached": taken <= ALLOWED_SECONDS}), flush=True)
    finally:
        database_stop(Path(home))
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
