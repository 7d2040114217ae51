"""A function is named by a verb and a noun, never by a participle alone; a module by a noun, with none before it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.house.source_trees import tree_of

SOURCE = Path(__file__).parents[2] / "src/ewtp"
_PARTICIPLE = re.compile(
    "[a-z]+(?:ed|ing)|bound|built|chosen|drawn|found|given|held|kept|known|laid|left|lost|made|meant|met|paid|put|said|"
    "sent|shown|sold|split|spoken|spread|stood|sworn|taken|told|torn|understood|won|written"
)
# Words that only end like one.
_NO_PARTICIPLE = re.compile(
    "ceiling|embed|everything|exceed|feed|finding|heading|mapping|need|nothing|proceed|ring|screening|seed|setting|speed|string|swing"
)

# Words of a module's or a package's name that are participles by their form, each with the reason why it may stay.
MODULE_PARTICIPLES = {
    "accepted_paper": "what a recognition of one authority's papers by another one is about, as agreements have it",
    "adopted_layer": "layers of law are the law as stated, the adopted and the proposed one",
    "affected_law": "the affected is the field's word for all that a change reaches",
    "affected_lines": "the affected is the field's word for all that a change reaches",
    "affected_rules": "the affected is the field's word for all that a change reaches",
    "answering_body": "the body of an alarm, as the procedure of votes names it",
    "bounded_xml": "bounded is computing's word for what has a largest size",
    "certified_parts": "the notes of the tariff name the parts that an importer certifies",
    "compiled": "the compiled form of a program is computing's word for what its source became",
    "compiled_finder": "the finder that reads the compiled form",
    "compiled_state": "the state of the compiled form",
    "compiled_store": "the store of the compiled form",
    "connection_bound": "a bound is a noun",
    "fixed_point": "arithmetic with a fixed number of decimals",
    "known_browser": "a known device is security's word for one that somebody used before",
    "listed_party": "a listed party is sanctions' word for whoever stands in a list",
    "packed_book": "a packed record is computing's word for one without gaps between its fields",
    "published_report": "the report as it is published, which differs from the one as it is computed",
    "reading": "the floor of an app between its actions and its store",
    "reduced_rate": "a reduced rate is tax law's word for a lower one on some goods",
    "ruling_letter": "an advance ruling is a noun of customs law",
    "sampling_tables": "sampling is statistics' noun",
    "sorted_table": "a sorted table is computing's word for one whose rows have an order",
    "typesetting": "typesetting is a noun",
    "un_consolidated": "the United Nations call theirs the consolidated list",
    "weighted_game": "a weighted game is game theory's word for votes of unequal weight",
}

# Functions whose first word is a participle by its form, each with the reason why it may stay.
FUNCTION_PARTICIPLES = {
    "adopted_elsewhere": "a component is named by what it shows: `{% adopted_elsewhere %}`",
    "described_by": "a component is named by the attribute that it fills: `aria-describedby`",
    "missing_fact": "a rule of the grammar of duty expressions is named by what it derives",
    "ranked_table": "a component is named by what it shows: `{% ranked_table %}`",
    "ruling_text": "an advance ruling is a noun of customs law",
    "stored_sentence": "a filter is named by what it gives: `{{ fault|stored_sentence }}`",
}
# Verbs whose plain form is a participle as well.
_PLAIN_VERBS = {"bound", "put", "split", "spread"}


def is_participle(name: str) -> bool:
    """Whether the name is one word that ends like a participle; a decorator that hides it makes no difference."""
    word = name.strip("_")
    return _NO_PARTICIPLE.fullmatch(word) is None and _PARTICIPLE.fullmatch(word) is not None


def begins_with_participle(name: str) -> bool:
    """Whether the first word of the name is a participle and not a verb's plain form."""
    word = name.strip("_").partition("_")[0]
    return is_participle(word) and word not in _PLAIN_VERBS


def is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether the function is read like a field, which says what something is."""
    return any(isinstance(each, ast.Name) and each.id.endswith("property") for each in node.decorator_list)


def is_fixed(path: Path, name: str) -> bool:
    """Whether others fixed the name: Python, or a migration that installations have run and that nobody edits."""
    return name.startswith("__") or "migrations" in path.parts


def test_no_function_is_named_by_a_participle_alone():
    found = {
        f"{path.relative_to(SOURCE)} {node.name}"
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if is_participle(node.name) and not is_property(node) and not is_fixed(path, node.name)
    }
    assert found == set(), "name these by a verb and a noun"


def test_no_function_begins_with_a_participle_without_a_reason():
    found = {
        f"{path.relative_to(SOURCE)}:{node.name}"
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if begins_with_participle(node.name) and not is_property(node) and not is_fixed(path, node.name)
    }
    assert {each for each in found if each.rpartition(":")[2] not in FUNCTION_PARTICIPLES} == set()
    assert FUNCTION_PARTICIPLES.keys() - {each.rpartition(":")[2] for each in found} == set(), "no longer there"


def test_no_module_has_a_participle_in_its_name_without_a_reason():
    paths = (path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    names = {part.removesuffix(".py") for path in paths for part in path.relative_to(SOURCE).parts}
    found = {name for name in names if any(map(is_participle, name.split("_")))}
    assert found - set(MODULE_PARTICIPLES) == set(), "name these by the thing that they define"
    assert set(MODULE_PARTICIPLES) == found, "a name that is listed is gone"


def test_a_participle_is_known_by_its_form():
    names = ("_joined", "written", "answering", "join_texts", "kept_rows", "seed", "ring")
    assert [is_participle(name) for name in names] == [True, True, True, False, False, False, False]
