"""Every worked case beside the seed: a question a customs officer can read, and the answer the law gives."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from ewtp.core.assessment.answer import Answer
from ewtp.core.assessment.assess import assess
from ewtp.core.assessment.question import read_question
from ewtp.core.rulebook.book import Book, build_book
from ewtp.core.values.refusal import Refusal
from ewtp.gateways.reference.hs_texts import describe, exists
from ewtp.gateways.reference.iso_codes import vocabulary
from ewtp.gateways.seed.root import seed_root
from tests.seed_book import read_seed
from tests.seed_rates import seed_rate_table

if TYPE_CHECKING:
    from ewtp.core.rulebook.measure import Kind

TODAY = date(2026, 11, 24)
# Every worker reads all cases, which takes the loader in C a tenth of the time.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
pytestmark = pytest.mark.seed


class Texts:
    """HS 2022, from the package."""

    exists = staticmethod(exists)
    describe = staticmethod(describe)


def _cases() -> list[tuple[str, dict[str, Any]]]:
    found: list[tuple[str, dict[str, Any]]] = []
    for path in sorted(seed_root().rglob("cases.yaml")):
        place = path.parent.relative_to(seed_root()).as_posix()
        found.extend((f"{place}: {case['case']}", case) for case in yaml.load(path.read_text(), _LOADER))  # noqa: S506 - a safe one
    return found


CASES = _cases()


@cache
def _seed_book() -> Book:
    """Only the part of the seed that the cases ask about, so that the tests stay quick."""
    seed = read_seed()
    codes = {
        "".join(c for c in str(line["hs"]) if c.isdigit()) for _, case in CASES for line in case["question"]["lines"]
    }
    # A code of a newer edition is answered under its equivalent in the schedule's.
    codes |= {change.old_code for change in seed.replaced if change.new_code in {code[:6] for code in codes}}
    heads = {code[:length] for code in codes for length in range(len(code) + 1)}
    sixes = {code[:6] for code in codes}
    kinds: dict[str, set[Kind]] = defaultdict(set)
    starts: dict[str, date] = {}
    measures = []
    for measure in seed.measures:
        kinds[measure.territory].add(measure.kind)
        if measure.product.prefix in heads or measure.product.prefix[:6] in sixes:
            measures.append(measure)
    lines = []
    for line in seed.lines:
        starts[line.territory] = min(starts.get(line.territory, line.validity.start), line.validity.start)
        if line.code[:6] in sixes:
            lines.append(line)
    return build_book(
        "seed",
        territories=seed.territories,
        groups=seed.groups,
        measures=measures,
        lines=lines,
        origin_rules=seed.origin_rules,
        replaced=seed.replaced,
        coverage={code: frozenset(found) for code, found in kinds.items()},
        schedule_starts=starts,
    )


def _answer(case: dict[str, Any]) -> Answer | Refusal:
    question = read_question(_plain(case["question"]), today=TODAY, vocabulary=vocabulary())
    if isinstance(question, Refusal):
        return question
    return assess(question, _seed_book(), seed_rate_table(), Texts())


def _plain(value: Any) -> Any:
    """YAML reads dates and numbers where the contract has strings."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _money(value: dict[str, str] | None) -> str | None:
    return None if value is None else f"{value['amount']} {value['currency']}"


@pytest.mark.parametrize("case", [case for _, case in CASES], ids=[name for name, _ in CASES])
def test_worked_case(case: dict[str, Any]) -> None:
    expect = case["expect"]
    answer = _answer(case)
    if "refusal" in expect:
        assert isinstance(answer, Refusal), f"expected the refusal {expect['refusal']}"
        assert answer.code == expect["refusal"]
        return
    assert isinstance(answer, Answer), answer
    body = answer.as_json()
    charges = [charge for line in body["lines"] for charge in line["charges"]]
    if "charges" in expect:
        _compare_charges(charges, expect["charges"])
    for name, amount in expect.get("totals", {}).items():
        assert _totalled(body["totals"][name]) == amount, f"total {name}"
    options = {o["claim"]: o for line in body["lines"] for o in line["options"]}
    for option in expect.get("options", []):
        assert option["claim"] in options, f"options are {sorted(options)}"
        if "saving" in option:
            assert _money(options[option["claim"]]["saving"]) == option["saving"]
    needs = [need for line in body["lines"] for need in line["requirements"]]
    for requirement in expect.get("requirements", []):
        assert any(all(need[key] == value for key, value in requirement.items()) for need in needs), needs
    unknown = {entry["code"] for line in body["lines"] for entry in line["unknowns"]}
    assert set(expect.get("unknowns", [])) <= unknown, f"unknowns are {sorted(unknown)}"


def _totalled(value: Any) -> Any:
    return value if isinstance(value, bool) else _money(value)


def _compare_charges(charges: list[dict[str, Any]], expected: list[dict[str, str]]) -> None:
    shown = [{**charge, "base": _money(charge["base"]), "amount": _money(charge["amount"])} for charge in charges]
    for kind in {e["kind"] for e in expected}:
        have = [charge for charge in shown if charge["kind"] == kind]
        want = [entry for entry in expected if entry["kind"] == kind]
        brief = [(c["title"], c["expression"], c["base"], c["amount"]) for c in have]
        assert len(have) == len(want), f"{kind}: {brief}"
        for entry in want:
            assert any(all(charge[key] == value for key, value in entry.items()) for charge in have), brief


def test_every_pack_with_measures_has_worked_cases() -> None:
    packs = {path.parent for path in seed_root().rglob("measures.csv")}
    jurisdictions = {pack.relative_to(seed_root()).parts[0] for pack in packs}
    with_cases = {path.relative_to(seed_root()).parts[0] for path in seed_root().rglob("cases.yaml")}
    assert jurisdictions <= with_cases, f"without worked cases: {sorted(jurisdictions - with_cases)}"


def test_every_kind_of_measure_in_the_seed_has_a_worked_case() -> None:
    """A kind is worked when some case is answered through a measure of that kind."""
    seen: set[str] = set()
    for _, case in CASES:
        answer = _answer(case)
        if isinstance(answer, Refusal):
            continue
        for line in answer.lines:
            seen |= {charge.rule.measure.kind.value for charge in line.charges}
            seen |= {option.rule.measure.kind.value for option in line.options}
            seen |= {rule.measure.kind.value for rule in line.requirements + line.prohibitions}
    rules = [rule for rules in _seed_book().rules.values() for rule in rules]
    # Of a charge that is named and not held no case can be worked.
    held = {rule.measure.kind.value for rule in rules if not isinstance(rule.expression, Refusal)}
    assert held <= seen, f"kinds without a worked case: {sorted(held - seen)}"


def test_seed_root_is_where_the_checkout_has_it() -> None:
    assert (Path(seed_root()) / "territories.yaml").is_file()
