"""Writes packs of the seed: compact, sorted, and the same bytes for the same records."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import yaml

from ewtp.core.rulebook.origin_class import word_rule
from ewtp.gateways.seed.rows import MEASURE_COLUMNS, STEP_SEPARATOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from ewtp.core.rulebook.citation import Source
    from ewtp.core.rulebook.measure import Condition, Measure
    from ewtp.core.rulebook.records import CodeReplaced, ExchangeRate
    from ewtp.core.rulebook.territory import Group, OriginRule, TariffLine

PackRow = dict[str, str]
# The value of a cell that neither the row nor the defaults of the pack give.
_USUAL = {"base": "customs_value", "direction": "import", "status": "law"}


def write_pack(
    folder: Path,
    *,
    source: Source,
    defaults: Mapping[str, str],
    measures: Iterable[Measure] = (),
    lines: Iterable[TariffLine] = (),
    groups: Iterable[Group] = (),
    origin_rules: Iterable[OriginRule] = (),
    replaced: Iterable[CodeReplaced] = (),
    rates: Iterable[ExchangeRate] = (),
    sources: Iterable[Source] = (),
    notes: Sequence[str] = (),
) -> None:
    """Write the pack's files into ``folder``; files of records that are not given are removed.

    ``defaults`` are cells left out of every row that equals them; a ``reference`` may hold ``{code}``.
    Measures that differ only in their origins become one row, and those that follow one another day by day become
    dated steps. Ids of measures are not kept: the reader derives them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document: dict[str, Any] = {"source": _source_entry(source)}
    more = sorted({s.id: s for s in sources if s.id != source.id}.items())
    if more:
        document["sources"] = [_source_entry(other) for _, other in more]
    document["defaults"] = dict(defaults)
    if notes:
        document["notes"] = list(notes)
    _write_yaml(folder / "source.yaml", document)
    _write_rows(folder / "measures.csv", MEASURE_COLUMNS, _measure_rows(measures, source, defaults))
    line_rows = sorted(
        (_line_row(line, defaults) for line in lines),
        key=lambda row: (row["code"], row.get("valid_from", "")),
    )
    _write_rows(folder / "lines.csv", ("code", "units", "indent", "valid_from", "valid_to", "territory"), line_rows)
    rule_rows = sorted((_origin_row(rule, source) for rule in origin_rules), key=lambda row: tuple(row.values()))
    _write_rows(
        folder / "origin_rules.csv",
        ("scheme", "first", "last", "classes", "text", "reference", "source"),
        rule_rows,
    )
    for name, plain in (("replaced.csv", replaced), ("exchange_rates.csv", rates)):
        records = sorted(
            ({f.name: getattr(r, f.name) for f in fields(r)} for r in plain),
            key=lambda row: tuple(row.values()),
        )
        _write_rows(folder / name, (), records)
    write_groups(folder / "groups.yaml", groups, main=source.id)


def write_groups(path: Path, groups: Iterable[Group], *, main: str = "", sources: Iterable[Source] = ()) -> None:
    """Write a ``groups.yaml``; members of the same period share one entry."""
    entries = [_group_entry(group, main) for group in sorted(groups, key=lambda g: g.id)]
    if not entries:
        path.unlink(missing_ok=True)
        return
    document: dict[str, Any] = {}
    described = sorted({s.id: s for s in sources}.items())
    if described:
        document["sources"] = [_source_entry(s) for _, s in described]
    _write_yaml(path, document | {"groups": entries})


def _source_entry(source: Source) -> dict[str, Any]:
    return {f.name: getattr(source, f.name) for f in fields(source) if getattr(source, f.name) != ""}


def _group_entry(group: Group, main: str) -> dict[str, Any]:
    spans: dict[tuple[Any, Any], list[str]] = defaultdict(list)
    for member in group.members:
        spans[(member.validity.start, member.validity.end)].append(member.economy)
    members = []
    for (start, end), economies in sorted(spans.items(), key=lambda item: (str(item[0]), item[1])):
        span = {"economies": " ".join(sorted(economies)), "from": start}
        members.append(span | ({"to": end} if end else {}))
    entry: dict[str, Any] = {"id": group.id, "title": group.title}
    if group.source.id != main:
        entry["source"] = group.source.id
    for name in ("reference", "proof", "origin_scheme"):
        if getattr(group, name):
            entry[name] = getattr(group, name)
    return entry | {"members": members}


class _PlainDumper(yaml.SafeDumper):
    """YAML without anchors: every date is written where it belongs."""

    def ignore_aliases(self, data: Any) -> bool:
        """Never abbreviate a repeated value."""
        del data
        return True


def _write_yaml(path: Path, document: Mapping[str, Any]) -> None:
    text = yaml.dump(dict(document), Dumper=_PlainDumper, sort_keys=False, allow_unicode=True, width=120)
    path.write_text(text, encoding="utf-8")


def _write_rows(path: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    if not rows:
        path.unlink(missing_ok=True)
        return
    used = [column for column in columns if any(row.get(column) for row in rows)] or list(rows[0])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(used)
    writer.writerows([row.get(column, "") for column in used] for row in rows)
    path.write_text(text.getvalue(), encoding="utf-8")


def _line_row(line: TariffLine, defaults: Mapping[str, str]) -> PackRow:
    row = {
        "code": line.code,
        "units": " ".join(line.units),
        "indent": str(line.indent or ""),
        "territory": line.territory,
        "valid_from": line.validity.start.isoformat(),
        "valid_to": line.validity.end.isoformat() if line.validity.end else "",
    }
    return {name: text for name, text in row.items() if text and defaults.get(name) != text}


def _origin_row(rule: OriginRule, source: Source) -> PackRow:
    return {
        "scheme": rule.scheme,
        "first": rule.first,
        "last": rule.last,
        "classes": " ".join(rule.classes),
        "text": "" if rule.text == word_rule(rule.reference, rule.classes) else rule.text,
        "reference": rule.reference,
        "source": "" if rule.source.id == source.id else rule.source.id,
    }


def _measure_rows(measures: Iterable[Measure], source: Source, defaults: Mapping[str, str]) -> list[PackRow]:
    rows = [_measure_row(measure, source) for measure in measures]
    rows = [_join_steps(chain) for chain in _chains(rows)]
    rows = _merge_rows(rows)
    rows.sort(key=_place)
    return [_without_defaults(row, defaults) for row in rows]


def _place(row: PackRow) -> tuple[Any, ...]:
    ordered = tuple(row[name] for name in ("kind", "code", "territory", "origins", "valid_from"))
    return (*ordered, tuple(sorted(row.items())))


def _without_defaults(row: PackRow, defaults: Mapping[str, str]) -> PackRow:
    kept = {}
    for name, text in row.items():
        default = defaults.get(name, _USUAL.get(name, ""))
        if name == "reference":
            default = default.replace("{code}", row["code"])
        if not text and default:
            msg = f"a measure without {name} cannot be written where the pack's default is {default!r}"
            raise ValueError(msg)
        if text != default:
            kept[name] = text
    return kept


def _measure_row(measure: Measure, source: Source) -> PackRow:
    row = {
        "code": measure.product.prefix,
        "nomenclature": measure.product.nomenclature,
        "exclusions": _join_words(measure.product.exclusions),
        "origins": "" if measure.origins.include == ("*",) else _join_words(tuple(sorted(measure.origins.include))),
        "excluded_origins": _join_words(tuple(sorted(measure.origins.exclude))),
        "valid_from": measure.validity.start.isoformat(),
        "valid_to": measure.validity.end.isoformat() if measure.validity.end else "",
        "source": "" if measure.source.id == source.id else measure.source.id,
        "conditions": ";".join(_condition(c) for c in measure.conditions),
        "yields_to": _join_words(measure.yields_to),
    }
    for name in MEASURE_COLUMNS:
        if name not in row:
            row[name] = str(getattr(measure, name))
    return row


def _join_words(words: tuple[str, ...]) -> str:
    if any(not word or len(word.split()) != 1 for word in words):
        msg = f"a word of a list has no spaces, unlike {words!r}"
        raise ValueError(msg)
    return " ".join(words)


def _condition(condition: Condition) -> str:
    if ";" in condition.kind + condition.value + condition.text or "|" in condition.kind + condition.value:
        msg = f"a condition has no ; or | in it, unlike {condition!r}"
        raise ValueError(msg)
    return f"{condition.kind}={condition.value}" + (f"|{condition.text}" if condition.text else "")


def _chains(rows: list[PackRow]) -> list[list[PackRow]]:
    """Rows that differ only in expression and dates, in runs where each begins the day after the one before ends."""
    alike: dict[tuple[tuple[str, str], ...], list[PackRow]] = defaultdict(list)
    for row in rows:
        rest = tuple((k, v) for k, v in row.items() if k not in {"expression", "valid_from", "valid_to"})
        alike[rest].append(row)
    chains: list[list[PackRow]] = []
    for found in alike.values():
        found.sort(key=lambda row: (row["valid_from"], row["valid_to"], row["expression"]))
        for position, row in enumerate(found):
            if position and _follows(found[position - 1], row):
                chains[-1].append(row)
            else:
                chains.append([row])
    return chains


def _follows(before: PackRow, row: PackRow) -> bool:
    return bool(before["valid_to"]) and (
        (date.fromisoformat(before["valid_to"]) + timedelta(days=1)).isoformat() == row["valid_from"]
    )


def _join_steps(chain: list[PackRow]) -> PackRow:
    steps: list[PackRow] = []
    for row in chain:
        if not steps or steps[-1]["expression"] != row["expression"]:
            steps.append(row)
    joined = dict(steps[0], valid_to=chain[-1]["valid_to"])
    if len(steps) > 1:
        joined["expression"] = STEP_SEPARATOR.join(f"{row['valid_from']}:{row['expression']}" for row in steps)
    return joined


def _merge_rows(rows: list[PackRow]) -> list[PackRow]:
    """Merges rows that differ only in the groups or economies they name."""
    alike: dict[tuple[tuple[str, str], ...], list[PackRow]] = defaultdict(list)
    for row in rows:
        alike[tuple((k, v) for k, v in row.items() if k != "origins" or not v)].append(row)
    merged = []
    for found in alike.values():
        names = sorted({name for row in found for name in row["origins"].split()})
        merged.append(dict(found[0], origins=" ".join(names)))
    return merged
