"""Loading a schedule of 35,000 rows into an empty rulebook, and the same file again, against the time allowed.

The official HTS export is read from the reference data where that is present; otherwise the US records of the
seed, written out in the exchange form, stand in for it.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import orjson

from ewtp.core.values.actor import system_actor

ALLOWED_SECONDS = 20.0
HTS = "us/hts_2026_rev_10.json.gz"


def main() -> None:
    """Print one JSON line for the first import and one for the repeated one, in seconds."""
    home = tempfile.mkdtemp(prefix="ewtp-bench-")
    os.environ |= {"EWTP_HOME": home, "DJANGO_SETTINGS_MODULE": "ewtp.web.settings"}
    os.environ.pop("DATABASE_URL", None)
    import django  # noqa: PLC0415 - the settings read the environment that is set above

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - see above

    from ewtp.apps.rulebook.actions.file_import import rulebook_import  # noqa: PLC0415 - see above
    from ewtp.core.values.refusal import Refusal  # noqa: PLC0415 - see above
    from ewtp.gateways.database.server import database_stop  # noqa: PLC0415 - see above

    try:
        call_command("migrate", verbosity=0)
        name, path, effective = _schedule(Path(home))
        for what in ("first import", "the same file again"):
            start = time.perf_counter()
            report = rulebook_import(
                format=name, path=path, effective=effective, actor=system_actor("bench"), now=datetime.now(UTC)
            )
            seconds = time.perf_counter() - start
            if isinstance(report, Refusal):
                sys.exit(report.message)
            print(
                json.dumps(
                    {
                        "bench": f"rulebook import, {what}",
                        "peer": "the time allowed",
                        "ratio": round(ALLOWED_SECONDS / seconds, 2),
                        "ours": round(seconds, 2),
                        "theirs": ALLOWED_SECONDS,
                        "unit": "s",
                        "n": sum(counts["read"] for counts in report.counts.values()),
                        "target": "ratio over 1",
                    },
                ),
            )
    finally:
        database_stop(Path(home))
        shutil.rmtree(home, ignore_errors=True)


def _schedule(folder: Path) -> tuple[str, Path, date | None]:
    reference = Path(os.environ.get("EWTP_REFERENCE_DATA") or Path(__file__).parents[2] / "shared" / "data")
    if (reference / HTS).exists():
        return "usitc-hts", reference / HTS, date(2026, 6, 8)
    from ewtp.core.rulebook.record_json import record_as_json  # noqa: PLC0415 - only where there is no reference
    from ewtp.core.values.refusal import Refusal  # noqa: PLC0415 - see above
    from ewtp.gateways.seed.reader import read_packs  # noqa: PLC0415 - see above
    from ewtp.gateways.seed.root import seed_root  # noqa: PLC0415 - see above

    book = read_packs(seed_root())
    if isinstance(book, Refusal):
        sys.exit(book.message)
    source = next(source for source in book.sources if source.id == "us-hts")
    records: list[Any] = [
        source,
        *(measure for measure in book.measures if measure.source.id == source.id),
        *(line for line in book.lines if line.territory == "US"),
    ]
    path = folder / "us.jsonl"
    path.write_bytes(b"".join(orjson.dumps(record_as_json(record)) + b"\n" for record in records))
    return "ewtp-jsonl", path, None


if __name__ == "__main__":
    main()
