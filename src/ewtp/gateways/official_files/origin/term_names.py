"""Materials and processes as rules of origin write them, by the key of the term that they are."""

from __future__ import annotations

import re

_NOT_PREPARED = r"(?:,? not carded or combed or otherwise (?:prepared|processed) for spinning)?"
_MATERIALS = tuple(
    (term, re.compile(pattern, re.IGNORECASE))
    for term, pattern in (
        ("coir", r"coir yarn"),
        ("clad", r"metals clad with (?:gold|silver|precious metals),? unwrought"),
        ("fibre", rf"(?:other )?natural fib(?:re|er)s{_NOT_PREPARED}"),
        ("filament", r"synthetic or artificial filament yarn"),
        ("lead", r"unwrought lead, not alloyed"),
        ("mica", r"worked mica \(including agglomerated or reconstituted mica\)"),
        ("paper", r"paper(?:-making materials(?: of chapter 47)?)?"),
        ("pulp", r"chemical materials (?:or|of) textile pulp"),
        ("silk", rf"raw silk or silk waste(?:,? carded or combed or otherwise prepared for spinning)?{_NOT_PREPARED}"),
        ("staple", rf"man-made staple fib(?:re|er)s{_NOT_PREPARED}"),
        ("stone", r"unworked,? precious,? or semi-precious stones"),
        ("tin", r"unwrought tin, not alloyed"),
        ("tinbar", r"bars, rods and profiles of tin"),
        ("metal", r"unwrought precious metals"),
        ("slate", r"worked slate"),
        ("rubber", r"hard rubber"),
        ("board", r"boards not cut to size"),
        ("thread", r"rubber thread or cord,? not textile covered"),
        ("asbestos", r"asbestos concentrate"),
        ("sulphur", r"sulphur dioxide"),
        ("tannin", r"tanning extracts of vegetable origin"),
        ("stave", r"riven staves,? not further worked than sawn on the two principal surfaces"),
        ("borate", r"disodium tetraborate pentahydrate"),
        ("resin", r"resin acids"),
        ("fur", r"non-assembled,? tanned or dressed furskins(?: of heading 4302)?"),
        ("log", r"wood in the rough, whether or not stripped of its bark or merely roughed down"),
        ("mucilage", r"non-modified mucilages and thickeners"),
        ("copper", r"refined copper,? unwrought,? or waste and scrap of copper"),
        (
            "ionomer",
            r"a thermoplastic partial salt which is a copolymer of ethylene and meth?acrylic acid partly [a-z, ]+",
        ),
        ("chemical", r"chemical materials"),
        ("mantle", r"tubular knitted gas-mantle fabric"),
        ("substrate", r"non-coated glass[- ]plate substrate of heading 70\.?06"),
        ("bullion", r"'bullion' or 'work' lead"),
        ("wool", r"crude wool grease of heading 1505"),
        ("carving", r"'worked' carving materials of the same heading as the product"),
        ("sliver", r"uncoloured slivers, rovings, yarn or chopped strands"),
        ("glasswool", r"glass wool"),
        ("semi", r"semi-finished materials of heading 72[0-9]{2}"),
        ("rag", r"waste fabrics or rags of heading 6310"),
        ("yarn", r"yarn"),
    )
)
_PROCESSES = tuple(
    (term, re.compile(rf"(?:{pattern})[0-9]?", re.IGNORECASE))
    for term, pattern in (
        ("bead", r"beading or moulding"),
        ("weavecut", r"weaving (?:combined with|accompanied by) making-up,? ?\(?including cutting(?: of fabric)?\)?"),
        ("weavedye", r"weaving (?:accompanied by|combined with) (?:dyeing|coating)(?: or by coating| or by dyeing)?"),
        ("spinfibre", r"spinning of natural fibres"),
        (
            "spinweave",
            (
                r"spinning of natural or man-made staple fibres(?: or extrusion of man-made filament yarn, in each "
                r"case)? (?:accompanied by|combined with) weaving"
            ),
        ),
        ("dyeweave", r"yarn dyeing (?:accompanied by|combined with) weaving"),
        ("bristle", r"cleaning, disinfecting, sorting and straightening of bristles and hair"),
        ("grindmica", r"grinding of mica or mica waste"),
        ("graphite", r"enriching of the carbon content, purifying and grinding of crude crystalline graphite"),
        (
            "cutstone",
            (
                r"cutting, by sawing or otherwise, of (?:marble|stone) \(even if already sawn\) of a thickness "
                r"exceeding 25 cm"
            ),
        ),
        (
            "knitcut",
            r"knitting(?: or crocheting)? (?:combined with|and) making-up,? ?\(?including cutting[a-z )]*[ ,]*",
        ),
        (
            "spinknit",
            r"spinning of natural or man-made staple fibres combined with knitting(?: or [a-z ]+)?",
        ),
        ("bitumen", r"destructive distillation of bituminous materials"),
        ("tall", r"refining of crude tall oil"),
        ("turpentine", r"purification by distillation or refining of raw spirits of sulphate turpentine"),
        ("earth", r"calcination or grinding of earth colours"),
        ("tar", r"distillation of wood tar"),
        ("dewool", r"removal of wool from sheep or lamb skins, with wool on"),
        (
            "dyefur",
            r"bleaching or dyeing, in addition to cutting and assembly of non-assembled tanned or dressed furskins",
        ),
        ("laminate", r"lamination of sheets of natural rubber"),
        ("dolomite", r"calcination of dolomite not calcined"),
        ("legume", r"drying and milling of leguminous vegetables of heading 0708"),
        ("retan", r"retanning of tanned leather"),
        ("plane", r"(?:splicing, )?(?:planing, )?sanding or end-jointing"),
        ("retain", r"the origin of the product in its original classification shall be retained"),
    )
)
_MADE_FROM = re.compile(r"(?:manufacture|production) from ?:? ?", re.IGNORECASE)
# Between the materials of a list.
_BETWEEN = re.compile(r"[\s,;:-]*(?:\bor\b)?[\s,;:-]*")


def name_materials(rule: str) -> str:
    """``MAT:fibre+pulp`` for a rule that asks for any of some named materials and nothing else; else empty."""
    made = _MADE_FROM.match(rule)
    if made is None:
        return ""
    place, end = made.end(), len(rule.rstrip(" ."))
    found: list[str] = []
    while place < end:
        place = match.end() if (match := _BETWEEN.match(rule, place)) else place
        longest = max(
            ((each.end(), term) for term, pattern in _MATERIALS if (each := pattern.match(rule, place))), default=None
        )
        if longest is None:
            return "" if place < end else _join(found)
        place, term = longest
        found.append(term)
    return _join(found)


def name_process(rule: str) -> str:
    """``PROC:spinweave`` for a rule that asks for one named process and nothing else; else empty."""
    text = rule.rstrip(" .;,")
    return next((f"PROC:{term}" for term, pattern in _PROCESSES if pattern.fullmatch(text)), "")


def _join(terms: list[str]) -> str:
    return f"MAT:{'+'.join(dict.fromkeys(terms))}" if terms and terms != ["yarn"] else ""
