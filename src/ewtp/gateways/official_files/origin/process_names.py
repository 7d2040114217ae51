"""Processes as rules of origin write them, by the key of the term that they are."""

from __future__ import annotations

import re

_METALS = r"(?:non-originating )?precious metals of headings? 7106,? (?:heading )?7108,? (?:or|and) (?:heading )?7110"
_WHOLE = tuple(
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
        ("earth", r"calcinations? or grinding of earth colours"),
        ("tar", r"distillation of wood tar"),
        ("dewool", r"removal of wool from sheep or lamb skins, with wool on"),
        (
            "dyefur",
            r"bleaching or dyeing, in addition to cutting and assembly of non-assembled tanned or dressed furskins",
        ),
        ("laminate", r"lamination of sheets of natural rubber"),
        ("dolomite", r"calcinations? of dolomite not calcined"),
        ("feltnonwoven", r"non-?woven fabric formation alone in the case of (?:other )?felt made from natural fibres"),
        ("feltnatural", r"fabric formation alone in the case of (?:other )?felt made from natural fibres"),
        ("melt", r"melt and pour"),
        (
            "surface",
            (
                r"surfacing of the semi-finished lens into a finished ophthalmic lens with optical corrective "
                r"power meant to be "
                r"mounted on a pair of spectacles"
            ),
        ),
        ("legume", r"drying and milling of leguminous vegetables of heading 0708"),
        ("retan", r"retanning of tanned leather"),
        ("plane", r"(?:splicing, )?(?:planing, )?sanding or end-jointing"),
        (
            "transester",
            (
                r"(?:manufacture|production) in which biodiesel is obtained through transesterification(?:,| and/or) "
                r"esterification or "
                r"(?:through )?hydro-?treatment"
            ),
        ),
        (
            "retain",
            (
                r"the origin of the (?:pharmaceutical )?product in its original classification (?:before it "
                r"became waste )?"
                r"shall be retained"
            ),
        ),
    )
)
# Processes that stand alone or together, the longer ones of a beginning first.
_PARTS = tuple(
    (term, re.compile(pattern, re.IGNORECASE))
    for term, pattern in (
        ("alloy", rf"alloying of {_METALS} with each other or with base metals"),
        ("fuse", rf"fusion (?:and/)?or alloying of {_METALS} with each other or with base metals"),
        ("separate", rf"electrolytic, thermal or chemical separation of {_METALS}"),
        ("any", r"any mechanical operation"),
        ("biotech", r"biotechnological processing"),
        ("bleach", r"bleaching"),
        ("blend", r"mixing and blending"),
        ("blending", r"blending"),
        ("calender", r"calend[ae]ring"),
        ("crush", r"crushing(?: ?/ ?| or )grinding"),
        (
            "lens",
            (
                r"coating of the lens through appropriated treatments to improve vision and ensure protection of the "
                r"wearer"
            ),
        ),
        ("coat", r"coating"),
        ("cover", r"covering"),
        ("crochet", r"crocheting"),
        ("cutglass", r"cutting of glassware"),
        (
            "diffuse",
            (
                r"(?:the )?operation of diffusion,? \(?in which integrated circuits are formed on a semi-?conductor "
                r"substrate by the selective introduction of an appropriate dopant\)?,? whether or not "
                r"assembled and/or "
                r"tested in a (?:country|non-party)(?: other than those specified in [a-z0-9 ]+)?"
            ),
        ),
        ("distil", r"distillation"),
        ("yarndyenat", r"dyeing of yarns? of natural fibres"),
        ("yarndye", r"yarn[- ]dyeing|dyeing of yarns?"),
        ("dye", r"dyeing"),
        ("embroider", r"embroidering"),
        ("endjoint", r"(?:end|finger)-?jointing"),
        ("extrude", r"extrusion of (?:synthetic or artificial|man-?made) (?:continuous )?filaments?(?: yarns?)?"),
        ("extrudefibre", r"extrusion of man-?made (?:staple )?fibres"),
        ("fabricform", r"(?:other )?fabric[- ]form(?:ation|ing)(?: process)?"),
        (
            "finish",
            (
                r"at least two other main preparatory or finishing operations \(such as calendering, "
                r"shrink-resistance "
                r"processes, heat setting, permanent finishing\)"
            ),
        ),
        ("flock", r"flocking"),
        ("gimp", r"gimping"),
        (
            "handdeco",
            r"hand-decoration \((?:except|with the exception of) silk-screen printing\) of hand-blown glassware",
        ),
        ("impregnate", r"impregnating"),
        ("isomer", r"isomer separation"),
        ("onestep", r"knitting and making-up in one operation"),
        ("knit+crochet", r"knitting/crocheting"),
        ("knitform", r"knitting \(knitted to shape (?:good|product)s?\)?"),
        ("knit", r"knitting"),
        ("lamination", r"laminating"),
        (
            "makecut",
            r"making[- ]up,? ?\(?including cutting(?: of (?:the )?fabric)?\)?",
        ),
        ("makeup", r"making[- ]up"),
        ("metallise", r"metall?i[sz]ing"),
        ("needle", r"(?:an?y? )?non-?woven (?:process|techniques?)(?:es)? including needle punching"),
        ("nonwoven", r"(?:an?y? )?non-?woven (?:process|fabric formation)(?:es)?"),
        ("particle", r"(?:a )?change in particle size"),
        ("planing", r"planing"),
        (
            "print",
            (
                r"printing,? accompanied by at least two preparatory(?: or)? finishing operations(?: \(such as "
                r"[a-z, -]+\))?"
            ),
        ),
        (
            "printdye",
            (
                r"printing or dyeing,? accompanied by at least two preparatory(?: or)? finishing operations(?: \(such "
                r"as [a-z, -]+\))?"
            ),
        ),
        ("printalone", r"printing \(as standalone operation\)"),
        ("printing", r"printing(?!,? accompanied)"),
        ("purify", r"purification"),
        ("react", r"(?:a )?chemical reaction"),
        ("refining", r"refining"),
        ("retan", r"(?:a )?re-?tanning of (?:pre-)?tanned (?:leather|hides and skins)"),
        ("rubberise", r"rubberi[sz]ing"),
        ("sand", r"sanding"),
        ("specific", r"(?:one or more )?specific process\(?(?:es)?\)?"),
        ("spin", r"spinning of natural fibres or extrusion of man-made fibres,? accompanied by spinning(?! or)"),
        ("spinstaple", r"spinning of natural (?:and/or |or (?:of )?)(?:of )?man-?made staple fibres"),
        ("spinfibre", r"spinning of natural fibres"),
        ("spinning", r"spinning"),
        ("splice", r"splicing"),
        ("standard", r"production of (?:a )?standard materials?"),
        ("texture", r"texturing"),
        (
            "thermalal",
            (
                r"(?:manufacture by )?(?:thermal or electrolytic|electrolytic or thermal) treatment from unalloyed "
                r"aluminium"
                r" or waste and scrap of aluminium"
            ),
        ),
        ("thermal", r"(?:manufacture by )?(?:thermal or electrolytic|electrolytic or thermal) treatment"),
        ("tuft", r"tufting"),
        ("twist", r"twisting"),
        ("usefibre", r"(?:use of )?natural fibres"),
        ("weavefilament", r"weaving of man-made filament yarns?"),
        ("weave", r"weaving"),
        ("machineblank", r"turning, drilling, reaming, threading, deburring and sandblasting of forged blanks"),
    )
)
# Processes with which an alternative may begin.
_BEGINS = frozenset(
    (
        "cutglass",
        "extrude",
        "extrudefibre",
        "print",
        "printalone",
        "spin",
        "spinfibre",
        "spinstaple",
        "yarndye",
        "yarndyenat",
    )
)
_OR = re.compile(r" ?(?:,? or (?:by |with )?(?:the )?|, (?:by |with )?|/)", re.IGNORECASE)
_WITH = re.compile(
    r",? (?:in each case )?(?:accompanied (?:by|with)|combined with|together with|and(?! making))(?: or)? |,? "
    r"and (?=making)",
    re.IGNORECASE,
)
_THEN = re.compile(r",? followed by (?:either )?", re.IGNORECASE)
_AFTER = re.compile(r",? preceded by ", re.IGNORECASE)


def name_process(rule: str) -> str:
    """``PROC:spinweave`` for a rule that asks for one named process and nothing else; else empty."""
    text = rule.rstrip(" .;,:")
    return next((f"PROC:{term}" for term, pattern in _WHOLE if pattern.fullmatch(text)), "")


def read_processes(text: str) -> list[str]:
    """The classes of processes that are done together; empty where a part of the text is not understood.

    Weaving combined with dyeing or with printing is ``PROC:weave`` and ``PROC:dye+printing``; what follows is ``THEN``.
    """
    text = re.sub(r"^a (?=chem)| (?:is|are) (?:undergone|performed)$", "", text.strip(" .;,:"))
    steps: list[str] = []
    place = 0
    link: re.Pattern[str] | None = None
    while True:
        read = _read_choice(text, place)
        if read is None:
            return []
        place, terms = read
        if link is not None and _BEGINS.intersection(terms.split("+")) and "+" in terms:
            # After spinning, "or spinning of natural fibres" may be an alternative to all that stands before it.
            return []
        if link is _AFTER:
            steps.insert(-1, f"PROC:{terms}")
            steps[-1] = "THEN:" + steps[-1].partition(":")[2]
        else:
            steps.append(f"{'THEN' if link is _THEN else 'PROC'}:{terms}")
        if place == len(text):
            return steps
        linked = next((found for each in (_WITH, _THEN, _AFTER) if (found := each.match(text, place))), None)
        if linked is None:
            return []
        link, place = linked.re, linked.end()


def _read_choice(text: str, place: int) -> tuple[int, str] | None:
    """The processes of which any is done, from a place on: where they end, and their terms."""
    found: list[str] = []
    while True:
        read = next(((each.end(), term) for term, pattern in _PARTS if (each := pattern.match(text, place))), None)
        if read is None:
            return None
        place, term = read
        found += [each for each in term.split("+") if each not in found]
        linked = any(each.match(text, place) for each in (_WITH, _THEN, _AFTER))
        between = None if linked else _OR.match(text, place)
        if between is None:
            return place, "+".join(found)
        place = between.end()
