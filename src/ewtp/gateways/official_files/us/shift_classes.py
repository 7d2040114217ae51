"""One alternative of a rule of 19 CFR 102.20 or 102.21, structured in the archive, as classes of rules of origin.

Whatever part of an alternative is not a class becomes ``MORE``, so that the classes never promise more than the rule.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ewtp.core.rulebook.origin_class import MORE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LEVELS = {"chapter": "CC", "heading": "CTH", "subheading": "CTSH"}
# Digits of a code that a class may have.
_MOST_DIGITS = 8
# What a proviso asks for, in the words that alone tell it.
_PROVISOS = (
    (re.compile(r"not (?:the result of|result from) (?:a )?simple assembly"), "NOASM"),
    (re.compile(r"chemical reaction"), "PROC:react"),
    (re.compile(r"wholly assembled"), "PROC:assemble"),
    (re.compile(r"fabric[- ]making process"), "PROC:fabricform"),
    (re.compile(r"spinning process"), "PROC:spinning"),
    (re.compile(r"extrusion process"), "PROC:extrudeyarn"),
    (re.compile(r"garnetting"), "PROC:garnet"),
    (re.compile(r"knit in a single country"), "PROC:knitshape"),
    (re.compile(r"cutting and polishing operations"), "PROC:cutpolish"),
)
# The process of an alternative without a change of classification.
_PROCESSES = (
    (re.compile(r"both dyeing and printing"), "PROC:dyeprint"),
    (re.compile(r"embroidery was performed"), "PROC:embroider"),
    (re.compile(r"place of assembly"), "PROC:assemble"),
    (re.compile(r"fabric-making process"), "PROC:fabricform"),
    (re.compile(r"were extruded"), "PROC:extrudeyarn"),
    (re.compile(r"were spun into yarns"), "PROC:spinning"),
    (re.compile(r"at least one of the following processes", re.IGNORECASE), "PROCX"),
    (re.compile(r"last collected and packaged"), "PROC:collect"),
    (re.compile(r"application of § 102\.21\(c\)\(4\)"), "PROC:important"),
)
# For which goods a rule is, in the words that alone tell it: conditions of 102.21, and whom a rule of it is for.
# Goods that paragraph (e)(2) of 102.21 lists.
_LISTED = r" provided for in paragraph \(e\)\(2\) of this section"
_STEP_BEFORE = (
    r"the country of origin cannot be determined under (?:\([0-9]\)\(a\) above|paragraph \([0-9]\) of this entry)"
)
_CONDITIONS = tuple(
    (re.compile(pattern), terms)
    for pattern, terms in (
        (r"the good is not (?:fabric|netting|lace) of wool or of fine animal hair", "nowool"),
        (r"the good consists of two or more component(?: part)?s", "parts"),
        (r"the good does not consist of two or more component(?: part)?s", "onepart"),
        (r"(?:the (?:good|textile component) is )?of staple fibers", "staples"),
        (r"(?:the (?:good|textile component) is )?of (?:continuous )?filaments(?:, including strips)?", "filaments"),
        (r"the good is knit to shape", "shaped"),
        (r"the good is not knit to shape and consists of two or more component parts", "notshaped+parts"),
        (r"the good is not knit to shape and does not consist of two or more component parts", "notshaped+onepart"),
        (r"the good contains pharmaceutical substances", "medicated"),
        (r"the good does not contain pharmaceutical substances", "unmedicated"),
        (r"the good is waste", "waste"),
        (r"the good is not waste", "notwaste"),
        (r"the good is paper yarns", "papers"),
        (r"the good is not paper yarns", "notpapers"),
        (r"the good is not yarns, twine, cord, and braid", "twines"),
        (
            r"the good is not goods of (?:sub)?heading [0-9. a-z]+" + _LISTED,
            "unlisted",
        ),
        (
            (
                r"the good is not wall coverings consisting of textile fabric of wool or of fine animal hair treated "
                r"on the back or affixed by any means to a backing of any material"
            ),
            "nowoolwalls",
        ),
        (r"the good is a fabric, except for fabric of wool or of fine animal hair", "fabric"),
        (r"the good is goods combined with nontextile components", "combined"),
        (_STEP_BEFORE, "undecided"),
        (rf"{_STEP_BEFORE}, for goods not combined with nontextile components", "undecided+uncombined"),
    )
)
_BUT_LISTED = re.compile(r", except for goods of subheading [0-9.]+" + _LISTED + r"\Z")
# What an alternative calls its goods that says no more than its condition or its process.
_SAME_GOODS = re.compile(r"those (?:filaments, including strips|fibers),? of\Z")
_ASSEMBLED = re.compile(r"an assembled good(?: of)?\Z")
# Waste has the origin of what it was, unless the process makes a new good of it.
_ORIGIN_BEFORE = re.compile(r"origin of the good prior to its becoming waste")
# Sentences that say from what before they say to what, and one that says only to what.
_FROM_ANY = re.compile(
    r"A change from (?:sub)?heading (?P<goods>.*) from any other (?P<level>chapter|heading|subheading)\.?\Z"
)
_FROM_ANY_BUT = re.compile(
    r"a change from any other (?P<level>heading|subheading), except from (?P<but>.*), and except from "
    r"(?P<assembly>.*) "
    r"(?P<when>when resulting from simple assembly)"
)
_WITHIN = re.compile(
    r"A change (?:from .* (?:of|in) (?:sub)?heading (?P<code>[0-9.]+) to|to .* from (?:parts|accessories)).*?"
    r"(?:of|in) (?:sub)?heading (?P<same>[0-9]{4}(?:\.[0-9]{2})?)(?P<rest>.*)"
)
_REST = re.compile(r"(?:any )?other (?:goods?|products?)\b")
# A proviso that goes on with another alternative of the rule.
_OTHER_ALTERNATIVE = re.compile(r"\([bc]\) If ")
_EXCEPT = re.compile(r",? (?:or )?except from (?P<rest>.*)")
_CODE = r"[0-9]{4}(?:\.[0-9]{2,4})*"
_CODES = re.compile(rf"(?P<first>{_CODE})(?: through (?P<last>{_CODE}))?")
_CODES_ALONE = re.compile(rf"(?:(?:sub)?heading |through |or |and |{_CODE}|[ ,.;])+\Z")


def join_ranges(ranges: Iterable[str]) -> str:
    """Ranges of the archive as a class has them: ``8501.10-8501.20, 8473`` as ``850110-850120+8473``."""
    return "+".join(dict.fromkeys(each.replace(".", "") for each in ranges))


def restate_alternative(alternative: Mapping[str, Any]) -> Mapping[str, Any]:
    """An alternative that the archive left as a sentence, in the form of the others; itself where it is none such."""
    if alternative.get("shift") is not None or alternative["target"] is not None:
        return alternative
    text = alternative["text"]
    goods = "named"
    shift: dict[str, Any] = {"excluded": [], "excluded_when": [], "excluded_descriptions": [], "provisos": []}
    source: dict[str, Any] = {"kind": "any_other", "level": None, "ranges": [], "outside_that_group": False}
    codes: list[str] = []
    if match := _FROM_ANY.match(text):
        goods, codes, source["level"] = "", [*_ranges_in(match["goods"])], match["level"]
    elif match := _FROM_ANY_BUT.match(text):
        source["level"], shift["excluded"] = match["level"], [*_ranges_in(match["but"])]
        shift["excluded_when"] = [{"ranges": [*_ranges_in(match["assembly"])], "when": match["when"]}]
    elif match := _WITHIN.match(text):
        codes = [match["same"]]
        source |= {"kind": "same_position", "ranges": codes}
        shift["provisos"] = [match["rest"]] if "provided" in match["rest"] else []
    else:
        return alternative
    target = {"ranges": codes, "description": goods, "excluding_description": None}
    return {**alternative, "shift": {**shift, "sources": [source]}, "target": target}


def classify_shift(alternative: Mapping[str, Any], group: Iterable[str]) -> list[tuple[str, ...]]:
    """The classes of an alternative, one list for each place that materials may come from.

    ``group`` are the codes of the rule, outside of which some rules ask materials to be.
    """
    shift = alternative.get("shift")
    goods = [*_describe_goods(alternative)]
    if shift is None:
        return [(*goods, _name_process(alternative["text"]))]
    limits = [*_list_exceptions(shift), *_list_provisos(shift)]
    sources = [_classify_source(source, group) for source in shift["sources"]]
    # "From unassembled components" is told by the assembly that the proviso asks for.
    if not sources:
        sources = [() if "PROC:assemble" in limits else ("MATX",)]
    found = [_put_last((*source, *limits, *goods)) for source in sources]
    if any(_ORIGIN_BEFORE.search(proviso) for proviso in shift["provisos"]):
        found.append(("PROC:before", *goods))
    return found


def _put_last(classes: tuple[str, ...]) -> tuple[str, ...]:
    distinct = tuple(dict.fromkeys(each for each in classes if each != MORE))
    return (*distinct, MORE) if MORE in classes else distinct


def _describe_goods(alternative: Mapping[str, Any]) -> Iterator[str]:
    target = alternative["target"] or {}
    # "Any other good" is all that no other alternative of the row is for.
    named = not _REST.match(target.get("description") or "")
    described = target.get("description") or ""
    if named and _ASSEMBLED.match(described) and not target.get("excluding_description"):
        yield "FOR:assembled"
    elif named and (target.get("description") or target.get("excluding_description")):
        same = alternative["condition"] and _SAME_GOODS.match(described) and not target.get("excluding_description")
        yield from () if same else ("GOODS",)
    if alternative["condition"]:
        yield _name_condition(alternative["condition"])


def _name_condition(words: str) -> str:
    """The goods that a condition names; ``COND`` where it is not one of those that are known."""
    plain = _BUT_LISTED.sub("", words)
    terms = next((terms for pattern, terms in _CONDITIONS if pattern.fullmatch(plain)), "")
    return f"FOR:{terms}{'+unlisted' if plain != words else ''}" if terms else "COND"


def _classify_source(source: Mapping[str, Any], group: Iterable[str]) -> tuple[str, ...]:
    if source["kind"] == "any_other":
        outside = (f"EX:{join_ranges(group)}",) if source["outside_that_group"] else ()
        return (_LEVELS[source["level"]], *outside)
    codes = join_ranges(source["ranges"])
    return (f"SELF:{codes}",) if source["kind"] == "same_position" else (f"FROM:{codes}",)


def _list_exceptions(shift: Mapping[str, Any]) -> Iterator[str]:
    if shift["excluded"]:
        whole = [each for each in shift["excluded"] if _is_class_code(each)]
        yield f"EX:{join_ranges(whole)}"
        if len(whole) < len(shift["excluded"]):
            yield MORE
    for exception in shift.get("excluded_when", ()):
        when = exception["when"]
        # A condition that names codes itself is not told whole.
        alone = not _CODES.search(when)
        kind = "EXASM" if "simple assembly" in when else "EXGRI" if "Interpretation 2(a)" in when else "EXIF"
        yield f"{kind if alone else 'EXIF'}:{join_ranges(exception['ranges'])}"
        if not alone:
            yield f"EXIF:{join_ranges(_ranges_in(when))}"
    for words in shift["excluded_descriptions"]:
        yield "NOGRI" if "Interpretation 2(a)" in words else "NOASM" if "simple assembly" in words else "BAR"


def _list_provisos(shift: Mapping[str, Any]) -> Iterator[str]:
    for proviso in shift["provisos"]:
        cut = _EXCEPT.search(proviso)
        words = proviso[: cut.start()] if cut else proviso
        yield next((letters for pattern, letters in _PROVISOS if pattern.search(words)), "PROV")
        if cut and _CODES_ALONE.match(cut["rest"]):
            yield f"EX:{join_ranges(_ranges_in(cut['rest']))}"
        elif cut or _OTHER_ALTERNATIVE.search(proviso):
            yield MORE


def _name_process(text: str) -> str:
    return next((letters for pattern, letters in _PROCESSES if pattern.search(text)), MORE)


def _ranges_in(words: str) -> Iterator[str]:
    for match in _CODES.finditer(words):
        yield f"{match['first']}-{match['last']}" if match["last"] else match["first"]


def _is_class_code(text: str) -> bool:
    return all(len(code.replace(".", "")) <= _MOST_DIGITS for code in text.split("-"))
