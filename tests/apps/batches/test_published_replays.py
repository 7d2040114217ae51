"""A replay's report is published with a record, and confirmed or contradicted by whoever computes it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import parquet

from ewtp.apps.batches.actions.direct_replay import lines_of_file, replay_directly
from ewtp.apps.batches.actions.replay_job import change_ready, changeset_read
from ewtp.apps.batches.reading.replay_record import replay_record_read
from ewtp.apps.rulebook.reading.versions import latest_version
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.parquet.lines import open_lines
from ewtp.web.command_line.batch import batch
from tests.apps.batches.replay_lines import change, held, run, shown

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.kernel


def test_a_published_report_comes_out_again_whatever_the_threads_and_the_file(home: Path):
    reform, published = change(home, held()), home / "published.json"
    first = run(home, "--change", reform, "--publish", published, "--threads", "1", name="one.parquet")
    body = orjson.loads(published.read_bytes())
    assert first["record"]["result"] == body["result"]
    assert first["record"]["agreement"] is None
    # Another writer's file of the same rows, in other groups of rows and without dictionaries.
    lines = parquet.read_table(home / "in.parquet")
    parquet.write_table(lines, home / "in.parquet", row_group_size=17, use_dictionary=False, compression="gzip")
    words = ("--change", reform, "--confirm", published, "--threads", "3", "--lines-at-once", "40")
    again = run(home, *words, name="two.parquet")
    assert (again["record"]["agreement"], again["record"]["differing"]) == ("confirmed", [])
    assert "The published report is confirmed." in shown(home, *words)


def test_a_replay_line_by_line_with_nothing_compiled_has_the_same_record(home: Path):
    reform, published = change(home, held()), home / "published.json"
    run(home, "--change", reform, "--publish", published, name="one.parquet")
    version, proposal, lines = latest_version(), changeset_read(reform), open_lines(home / "in.parquet")
    assert version is not None
    assert not isinstance(proposal, Refusal)
    assert not isinstance(lines, Refusal)
    ready = change_ready(version.ref, proposal, scalar=True)
    assert not isinstance(ready, Refusal)
    made = replay_directly(
        change=ready, lines=lines_of_file(lines), currency="USD", progress=lambda *_: None, at_once=70
    )
    lines.close()
    assert not isinstance(made, Refusal)
    assert made.record == replay_record_read(published)
    assert made.report["lines"]["affected"] > 0


def test_other_lines_cannot_be_compared_and_an_edited_report_is_refused(home: Path):
    reform, published = change(home, held()), home / "published.json"
    run(home, "--change", reform, "--publish", published, name="one.parquet")
    lines = parquet.read_table(home / "in.parquet")
    parquet.write_table(lines.slice(1), home / "in.parquet")
    again = run(home, "--change", reform, "--confirm", published, name="two.parquet")
    assert (again["record"]["agreement"], again["record"]["differing"]) == ("incomparable", ["data"])
    body = orjson.loads(published.read_bytes())
    body["report"]["lines"]["affected"] *= 2
    published.write_bytes(orjson.dumps(body))
    refused = run(home, "--change", reform, "--confirm", published, name="three.parquet", status=2)
    assert refused["error"]["code"] == "published_unreadable"
    # The edited report with its own digest is a report, and it is not what comes out.
    body["result"] = "0" * 64
    published.write_bytes(orjson.dumps(body))
    assert run(home, "--change", reform, "--confirm", published, name="four.parquet", status=2)["error"]


def test_a_report_is_published_of_a_change_alone(home: Path):
    words = ["in.parquet", "out.parquet", "--publish", "report.json"]
    result = CliRunner().invoke(batch, [*(str(home / word) if "." in word else word for word in words), "--json"])
    assert result.exit_code == 2
    assert orjson.loads(result.output)["error"]["code"] == "usage_wrong"


def test_acts_are_replayed_as_the_change_that_they_make(home: Path):
    (ended,) = held().ended
    duty = ended.record
    acts = home / "reform.acts"
    first = duty.validity.start.isoformat()
    acts.write_text(f"end duty of {duty.territory} on {duty.product.prefix} from {first} without sunset")
    by_acts = run(home, "--change", acts, name="acts.parquet")
    by_hand = run(home, "--change", change(home, held()), name="hand.parquet")
    assert by_acts["change"]["digest"] == by_hand["change"]["digest"]
    assert by_acts["lines"] == by_hand["lines"]
    assert by_acts["summary"] == by_hand["summary"]
    assert [each["form"] for each in by_acts["summary"]][-1] == "not_known"
    assert sum(month["affected"] for month in by_acts["months"]) == by_acts["lines"]["affected"]
    assert isinstance(parquet.read_table(home / "acts.parquet"), pa.Table)
