"""What lines that claim nothing could save by a preference that a change offers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from ewtp.apps.rulebook.actions.adoption import ActCited, changeset_adopt
from ewtp.core.rulebook.changeset.changeset import Amended, Changeset
from ewtp.core.rulebook.measure import Kind, Origins
from ewtp.core.rulebook.territory import GroupMember
from tests.actors import OPERATOR
from tests.apps.batches.conftest import DEARER
from tests.apps.batches.replay_lines import change, rows, run, shown
from tests.apps.conftest import SINCE, SOURCE, a_measure

if TYPE_CHECKING:
    from pathlib import Path

    from ewtp.core.rulebook.measure import Measure

pytestmark = pytest.mark.kernel


def test_what_lines_that_claim_nothing_could_save_is_what_they_pay_less_once_they_claim(home: Path):
    joining: Changeset[Any] = Changeset("now", "CN", added=(GroupMember("GB-TEST", "CN", SINCE, SOURCE, "accession"),))
    path = change(home, joining)
    found = run(home, "--change", path)
    assert found["lines"]["gained"] == 0
    text = shown(home, "--change", path)
    cited = ActCited("GB", "Act 7", "Parliament", "section 2")
    changeset_adopt(changeset=joining, cited=cited, actor=OPERATOR, now=datetime(2026, 3, 1, tzinfo=UTC))
    run(home, name="without.parquet")
    lines = parquet.read_table(home / "in.parquet")
    member = [name == "CN" for name in lines["from"].to_pylist()]
    claims = pa.array(["GB-TEST" if own else None for own in member])
    parquet.write_table(lines.append_column("claims", claims), home / "in.parquet", row_group_size=70)
    run(home, name="with.parquet")
    one, two = rows(home / "without.parquet"), rows(home / "with.parquet")
    saved: dict[str, list[Decimal]] = {}
    for line in one.keys() & two.keys():
        alike = one[line]["complete"] == two[line]["complete"] and one[line]["unknowns"] == two[line]["unknowns"]
        less = one[line]["total"] - two[line]["total"]
        if alike and less > 0:
            saved.setdefault(one[line]["currency"], []).append(less)
    wanted = [{"currency": name, "lines": len(each), "saving": sum(each)} for name, each in sorted(saved.items())]
    assert [{**each, "saving": Decimal(each["saving"])} for each in found["may_claim"]] == wanted != []
    assert "could claim a preference that the change offers: they would save" in " ".join(text.split())
    # Whoever claims already is not a line that could, and who may claim as before gains nothing by the change.
    assert run(home, "--change", path, name="claimed.parquet", status=2)["error"]["code"] == "changeset_base_moved"


def test_what_a_lower_preference_could_save_is_the_difference_to_the_one_before(home: Path):
    before = a_measure(Kind.PREFERENCE, "610910", "Free", ("GB-TEST",))
    dearer = change(home, Changeset("now", "4%", amended=(Amended(before, replace(before, expression="4%")),)))
    assert run(home, "--change", dearer)["may_claim"] == []
    duty = a_measure(Kind.DUTY, "610910", DEARER)
    dear = replace(duty, expression="30%")
    worse: Changeset[Measure] = Changeset("now", "30%", amended=(Amended(duty, dear),))
    # A duty that rises offers nothing, whatever a claim would save.
    assert run(home, "--change", change(home, worse), name="worse.parquet")["may_claim"] == []
    quota = replace(before, id="GB-half", origins=Origins(("CN",)), expression="6%")
    offered = run(home, "--change", change(home, Changeset("now", "CN", added=(quota,))), name="offered.parquet")
    assert [each["currency"] for each in offered["may_claim"]] == ["GBP"]
