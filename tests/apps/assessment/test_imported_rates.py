"""Exchange rates that an operator imports reach answers, from the moment since when the rulebook knows them."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from django.utils import timezone

from ewtp.apps.assessment.actions.assessment import assessment_create
from ewtp.apps.assessment.reading.answers import question_answer
from ewtp.apps.markets.reading.finder import Markets, markets_find
from ewtp.core.assessment.answer import Answer
from ewtp.core.values.refusal import Refusal
from tests.apps.batches.batch_lines import environment
from tests.apps.hmrc_rates import IMPORTED, SEEDED, import_rates, load_seed

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = {
    "from": "ZA",
    "to": "GB",
    "date": "2026-06-30",
    "lines": [{"hs": "61091000", "value": {"amount": "1000.00", "currency": "USD"}}],
}
# Answers whatever its standard input asks, a question a line, and says when it is up.
ASKING = """
import sys, django, orjson
django.setup()
from ewtp.apps.assessment.reading.answers import question_answer
print("up", flush=True)
for line in sys.stdin:
    print(orjson.dumps(question_answer(orjson.loads(line)).as_json()["exchange_rates"]).decode(), flush=True)
"""


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    """The folder of the small rulebook, which is loaded."""
    load_seed(tmp_path)
    return tmp_path


def rate_used(**changes: str) -> dict[str, Any]:
    answer = question_answer({**QUESTION, **changes})
    assert isinstance(answer, Answer), answer
    (rate,) = answer.as_json()["exchange_rates"]
    assert isinstance(rate, dict)
    return rate


@pytest.mark.django_db
def test_an_answer_uses_and_cites_the_rate_that_was_imported(seed: Path) -> None:
    before = rate_used()
    assert before["source"] == "ECB"
    import_rates(seed)
    after = rate_used()
    assert (after["source"], after["rate"]) == ("HMRC", "0.1000010000")
    assert (after["valid_from"], after["valid_to"]) == ("2026-06-01", "2026-06-30")
    answer = question_answer(QUESTION)
    assert isinstance(answer, Answer)
    assert str(answer.totals.customs_value.amount) == "100.00"


@pytest.mark.django_db
def test_the_rates_are_those_known_at_the_moment_asked_about(seed: Path) -> None:
    now = rate_used()
    import_rates(seed)
    moment = IMPORTED - timedelta(minutes=1)
    assert rate_used(known_at=moment.isoformat()) == now
    assert rate_used(known_at=(IMPORTED + timedelta(minutes=1)).isoformat())["source"] == "HMRC"
    # What the ECB published after the moment asked about was not known then either.
    early = rate_used(known_at=SEEDED.isoformat())
    assert (early["source"], early["valid_to"]) == ("ECB", "2026-06-19")
    assert now["valid_to"] == "2026-06-30"


@pytest.mark.django_db
def test_another_rate_is_another_answer(seed: Path) -> None:
    import_rates(seed)
    first = assessment_create(now=timezone.now(), body=QUESTION)
    import_rates(seed, "USD,2026-06-01,2026-06-30,2.0000\n", IMPORTED + timedelta(days=1))
    second = assessment_create(now=timezone.now(), body=QUESTION)
    assert not isinstance(first, Refusal)
    assert not isinstance(second, Refusal)
    assert first.id != second.id
    assert second.answer["lines"][0]["customs_value"]["amount"] == "500.00"


@pytest.mark.django_db
def test_the_market_finder_converts_by_the_same_rates(seed: Path) -> None:
    asked = {"from": "ZA", "hs": "090111", "value": "1000", "currency": "USD", "date": "2026-06-30"}
    duties = []
    for bringing in (lambda: None, lambda: import_rates(seed)):
        bringing()
        markets = markets_find({**asked, "quantities": {"kg": "200"}})
        assert isinstance(markets, Markets)
        (row,) = markets.rows
        assert row.duty is not None
        duties.append(str(row.duty.lowest.amount))
    # The duty is 20 pounds, in dollars.
    assert duties[0] != duties[1] == "200.00"


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_a_process_that_runs_already_notices(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    seed = request.getfixturevalue("seed")
    process = subprocess.Popen(
        [sys.executable, "-c", ASKING],
        env={**environment(tmp_path), "DJANGO_SETTINGS_MODULE": "ewtp.web.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:

        def sources() -> list[str]:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(orjson.dumps(QUESTION).decode() + "\n")
            process.stdin.flush()
            return [rate["source"] for rate in orjson.loads(process.stdout.readline())]

        assert process.stdout.readline() == "up\n"
        assert sources() == ["ECB"]
        import_rates(seed)
        deadline = time.monotonic() + 10
        while (found := sources()) == ["ECB"]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert found == ["HMRC"]
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
