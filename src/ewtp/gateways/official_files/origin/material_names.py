"""Materials as rules of origin write them, by the key of the term that they are."""

from __future__ import annotations

import re

from ewtp.gateways.official_files.origin.rule_clauses import CODES, list_codes

_NOT_PREPARED = r"(?:,? not carded or combed or otherwise (?:prepared|processed) for spinning)?"
# The yarns for technical uses of which rules on headings 5909 to 5911 list seven.
_PAPERMAKERS = (
    r" ?\(the use of this material is restricted to the manufacture of woven fabrics of a kind used in "
    r"paper-?making machinery\)"
)
_STEP = r"\s*,?(?:[-+\s\u2014]|\[br\])*"
_TECHNICAL = (
    rf"(?:(?:the )?following materials ?:)?{_STEP}yarn of polytetrafluoroethylene ?{{papermakers}}{_STEP}yarn, "
    rf"multiple, of "
    rf"polyamide,? coated,? impregnated or covered with a phenolic resin{_STEP}yarn of synthetic textile "
    rf"fibres of aromatic "
    rf"polyamides,? obtained by polycondensation of ?m ?- ?phenylenediamine and isophthalic acid{_STEP}monofil of "
    rf"polytetrafluoroethylene ?{{papermakers}}{_STEP}yarn of synthetic textile fibres of poly ?-?\(? ?p "
    rf"?-?phenylene[ -]"
    rf"terephthalamide\)?{_STEP}glass fibre yarn,? coated with phenol resin and gimped with acrylic yarn ?"
    rf"(?:\([^()]*\))?{_STEP}copolyester monofilaments of a polyester and a resin of terephthalic acid and "
    rf"1[,.] ?4 ?- ?cyclohexan-?ediethanol and isophthalic acid"
)
_MATERIALS = tuple(
    (term, re.compile(pattern, re.IGNORECASE))
    for term, pattern in (
        ("coir+jute", r"coir or jute yarn"),
        ("coir", r"coir yarn"),
        ("hide", r"hides and skins"),
        ("combed", r"tops of wool, of fine or coarse animal hair or of horsehair"),
        ("cerealr@10", r"cereals of chapter 10, other than rice of heading 1006"),
        ("controlpanel", r"control panels"),
        ("cottonfibre", r"cotton fibres"),
        # The share of milk solids is left out by the text's one spelling.
        ("dairyprep", r"rich dairy preparations"),
        ("fibres", r"fibres"),
        ("housing", r"housings"),
        ("manmade", r"man-made filament yarns?"),
        ("nutseed", r"nuts and oil seeds"),
        ("nylonfilament", r"nylon filament yarn"),
        ("nylonstaple", r"nylon staples? fibres"),
        ("oleoresin", r"oleoresins"),
        ("outerhousing", r"assemblies with outer housing or supports"),
        ("race", r"inner or outer rings or races"),
        ("retanned", r"retanned leather"),
        ("riceflour", r"rice flour"),
        ("stator", r"stators or rotors"),
        ("tobacco", r"unmanufactured tobacco (?:or|and) tobacco refuse"),
        ("whitemaize", r"white maize"),
        ("yellowmaize", r"yellow maize"),
        ("technical", _TECHNICAL.format(papermakers="")),
        ("technicalx", _TECHNICAL.format(papermakers=_PAPERMAKERS)),
        ("clad", r"metals clad with (?:gold|silver|precious metals),? unwrought"),
        ("fibre", rf"(?:other )?natural fib(?:re|er)s{_NOT_PREPARED}"),
        ("filament", r"synthetic or artificial filament yarn"),
        ("lead", r"unwrought lead, not alloyed"),
        ("mica", r"worked mica \(including agglomerated or reconstituted mica\)"),
        ("paper", r"paper(?:[- ] ?making materials)?"),
        ("pulp", r"chemical materials,?(?: -)?(?: (?:or|of))?(?: -)? textile pulp"),
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
        ("fur", r"non-assembled,? tanned or dressed fur ?skins"),
        ("log", r"wood in the rough, whether or not stripped of its bark or merely roughed down"),
        ("mucilage", r"non-modified mucilages and thickeners"),
        ("copper", r"refined copper,? unwrought,? or waste and scrap of copper"),
        (
            "ionomer",
            r"a thermoplastic partial salt which is a copolymer of ethylene and meth?acrylic acid partly [a-z, ]+",
        ),
        ("chemical", r"chemical materials"),
        ("mantle", r"tubular knitted(?:(?:/| or )crocheted)? gas[- ]mantle fabric"),
        ("substrate", r"non-coated glass[- ] ?plate substrate"),
        ("bullion", r"'bullion' or 'work' lead"),
        ("wool", r"crude wool grease"),
        ("carving", r"'?worked'? carving materials of (?:the same|these|this) heading(?: as the product)?"),
        ("sliver", r"uncoloured slivers, rovings, yarn or chopped strands"),
        ("glasswool", r"glass wool"),
        ("rag", r"waste fabrics or rags"),
        ("aluminium", r"unalloyed aluminium or waste and scrap of aluminium"),
        ("angle", r"welded angles, shapes and sections"),
        ("article", r"articles"),
        ("bean", r"black split beans"),
        ("biodiesel", r"biodiesel"),
        ("blank", r"forged blanks"),
        ("block", r"roughly[- ]shaped blocks(?! for)"),
        ("bone", r"bones"),
        ("casein", r"man-made staple fib(?:re|er)s made from casein"),
        ("cathode", r"active cathode materials"),
        ("cereal", r"cereals"),
        (
            "cerealx",
            r"cereals and (?:their )?derivatives \(except durum wheat and its deriv(?:at)?ives?\)",
        ),
        (
            "cerealz@10/11",
            (
                r"cereals and flour of chapter 10 and 11 \(except durum wheat and Zea ?indurata maize,? and their "
                r"derivatives\)"
            ),
        ),
        (
            "cerealz",
            (
                r"cereals and flour \(except durum wheat and (?:its deriv(?:at)?(?:iv)?es and )?Zea ?indurata ?maize"
                r"(?:,? and their derivatives)?\)"
            ),
        ),
        ("cerealy", r"cereals and flour \(except durum wheat and its deriv(?:at)?(?:iv)?es\)"),
        ("silkyarn", r"silk yarn"),
        ("woolyarn", r"wool yarn"),
        ("plantyarn", r"vegetable textile yarn"),
        ("specialyarn", r"special yarn"),
        ("pectic", r"pectic substances"),
        ("locust", r"mucilages and thickeners derived from locust beans"),
        ("mustardflour", r"mustard flour(?! or)"),
        ("component", r"component products"),
        ("ownheading", r"materials classified within the same heading(?= or )"),
        ("owndescription", r"materials of this description(?= or )"),
        ("chicory", r"chicory"),
        ("citrus", r"citrus fruits?"),
        ("cocoa", r"cocoa"),
        ("coffee", r"coffee"),
        ("durum", r"durum wheat and its derivatives"),
        ("elastic", r"elastomeric yarns?"),
        ("embroidered", r"embroidered fabric"),
        ("embroidery", r"unembroidered fabric(?! \()"),
        ("embroideryw", r"unembroidered fabric \(other than knitted or crocheted\)"),
        ("foil", r"highly[- ]transparent polyester[- ]foils with a thickness of less than 23 microns?"),
        ("fruit", r"fruits?"),
        (
            "gauze",
            (
                r"gauze, cloth, grill, netting, fencing, reinforcing fabric and similar materials \(including "
                r"endless "
                r"bands\) of aluminium wire,? or expanded metal of aluminium"
            ),
        ),
        ("glassware", r"uncut glassware"),
        ("golf", r"roughly[- ]shaped blocks for making golf[- ]club heads"),
        ("grape", r"grapes (?:and|or) (?:any )?(?:other )?materials? (?:derived|obtained) from grapes"),
        ("group", r"materials (?:of|classified within) the same group(?: as the product)?"),
        ("handblown", r"hand-blown glassware"),
        ("handle", r"handles of base metal"),
        ("high", r"high[- ]tenacity filament yarn"),
        ("honey", r"natural honey"),
        ("hull", r"hulls"),
        ("intermediate", r"thread[- ]tension, crochet and zigzag mechanisms"),
        (
            "juice",
            (
                r"fruit juice(?: used)? \(except (?:for )?(?:(?:that|those) of )?pineapples?, limes? (?:or|and) "
                r"grape ?fruits?(?: juices)?\)"
            ),
        ),
        (
            "juicex",
            r"fruit juice(?: used)? \(except for orange, grape, pineapple, lime and grapefruit juices\)",
        ),
        ("jute", r"jute yarn"),
        ("knife", r"knife blades"),
        ("leather", r"leather"),
        ("magnesite", r"natural magnesium carbonate \(magne[st]ite\)"),
        ("maize", r"maize"),
        ("meat", r"meat and edible meat offal"),
        ("metalcoat", r"base[- ]metal parts, not plated or covered with precious metals"),
        ("milk", r"milk"),
        ("molasses", r"molasses"),
        ("mustard", r"mustard flour or meal or prepared mustard"),
        ("alcoholate", r"metal alcoholates of this heading"),
        ("natrubber", r"natural rubber"),
        ("nib", r"nibs or nib[- ]points (?:of|classified (?:with)?in) the same heading(?: as the product)?"),
        ("nut", r"nuts"),
        ("nylon", r"nylon yarn"),
        ("oilseed", r"originating nuts and oil seeds"),
        ("olive", r"olives"),
        ("panel", r"cellular wood panels, shingles and shakes"),
        ("peel", r"peels? of citrus fruits? or melons"),
        ("plant", r"vegetables, ?fruits?, ?nuts or other parts of plants"),
        ("polycarbonate", r"polycarbonate of tetrabromo- ?\(bisphenol A\)"),
        ("pork", r"meat or edible offal of swine"),
        ("potato", r"potato starch"),
        ("poultry", r"meat and edible offal of poultry"),
        ("preserve", r"prepared or preserved vegetables"),
        ("primary", r"ingots(?:,| or) other primary forms or semi-finished (?:materials|products)(?= of)"),
        ("ringspun", r"classical ring[- ]spun viscose yarn"),
        ("root", r"roots and tubers"),
        ("rosin", r"rosins and resin acids"),
        ("scrap", r"waste and scrap(?! of (?!(?:sub)?head))"),
        ("semi", r"semi-finished (?:materials|products)(?= of)"),
        ("sisal", r"sisal yarn"),
        ("smoking", r"smoking tobacco"),
        ("sugar", r"sugar"),
        ("textile", r"textile fib(?:re|er)s"),
        ("tool", r"tools"),
        ("uncoated", r"uncoated fabric"),
        ("unlaminated", r"uncoated or unlaminated fabric"),
        ("unprinted", r"unprinted fabric"),
        ("unprintedgood", r"unprinted goods"),
        ("untwisted", r"non-twisted(?:/| or )non-textured yarns?"),
        ("upper", r"assemblies of uppers affixed to inner soles or to other sole components"),
        ("upperx", r"assemblies of uppers other than of wood"),
        ("uppers", r"uppers(?: of footwear)?(?! affixed)"),
        ("vegetable", r"(?:edible )?vegetables"),
        ("vegetal", r"veget(?:able|al) materials"),
        ("wood", r"wood"),
        ("drawnwood", r"drawn wood"),
        ("fattywax", r"fatty acids not chemically defined or industrial fatty alcohols having the character of waxes"),
        (
            "felt",
            (
                r"(?:- )?polypropylene filament of heading 5402,(?: -)? polypropylene fibres of heading 5503 or "
                r"(?:heading )?5506 ?,? or"
                r"(?: -)? polypropylene filament tow of heading 5501,? of which the denomination in all cases of a "
                r"single filament or "
                r"fibre is less than 9 decitex"
            ),
        ),
        ("fabric", r"fabrics?"),
        ("fish", r"fish and crustaceans, molluscs and other aquatic invertebrates"),
        ("hydrowax", r"hydrogenated oils having the character of waxes"),
        ("meatany", r"meat(?! (?:and|or) edible)"),
        ("roe", r"eggs and roes"),
        ("these", r"these materials"),
        ("waste", r"waste pharmaceuticals"),
        ("yarn", r"yarn"),
    )
)
# Between the materials of a list.
_BETWEEN = re.compile(
    r"(?:[\s,;:+\u2014-]|\[br\])*(?:\b(?:and/or|or|and)\b)?(?:[\s,;:+\u2014-]|\[br\])*(?:except(?: from)?\b "
    r"?|from (?=non-|head|chap|sub))?"
    r"(?:of (?=meat|smoking))?(?:(?:of )?(?:the|any|all|other)\b ?(?!\w+ of the same))*(?:non-originating )?",
    re.IGNORECASE,
)
_OF_CODES = re.compile(rf",? (?:(?:of|from|classified (?:with)?in) )(?:ex )?{CODES}", re.IGNORECASE)
_CODES_ALONE = re.compile(
    rf"(?:(?:those|that|materials?|products?)(?: classified in)? )?(?:(?:of|from) )?{CODES}", re.IGNORECASE
)
_ITSELF = re.compile(r"(?:that|those) of the (?:product|good)s?(?: \(C(?:C|TH|TSH)\))?", re.IGNORECASE)
# The product itself in a list of materials.
ITSELF = "itself"


def read_materials(text: str) -> list[str]:
    """The terms of a list of materials such as ``scrap@7802``; empty where a part of the text is not understood.

    ``itself`` is the product, ``@0203`` are materials of a heading without a name.
    """
    text = text.strip(" .;,")
    place = 0
    found: list[str] = []
    while place < len(text):
        place = match.end() if (match := _BETWEEN.match(text, place)) else place
        read = _read_material(text, place)
        if read is None:
            return [] if place < len(text) else found
        place, term = read
        if term not in found:
            found.append(term)
    return found


def _read_material(text: str, place: int) -> tuple[int, str] | None:
    """The material that begins at a place: where it ends, and its term."""
    if own := _ITSELF.match(text, place):
        return own.end(), ITSELF
    longest = max(
        ((each.end(), term) for term, pattern in _MATERIALS if (each := pattern.match(text, place))), default=None
    )
    if longest is None:
        alone = _CODES_ALONE.match(text, place)
        return (alone.end(), f"@{_join_codes(alone['codes'])}") if alone else None
    place, term = longest
    if (codes := _OF_CODES.match(text, place)) is None:
        return (place, term) if not text[place : place + 1].isalnum() else None
    return codes.end(), f"{term}@{_join_codes(codes['codes'])}"


def _join_codes(text: str) -> str:
    return list_codes(text).replace("+", "/")
