"""What the import policy of the Vietnamese tariff asks for: clauses with semicolons between them, in the last column.

A clause names goods or a duty in a few words and, in brackets, the decree, circular or decision that has them, whose
lists are often of some goods of a line: a paper is told on the condition that the goods are among them. Clauses are
recognised by that act and by a word of theirs, so that another edition of the table with another wording is read too.
What an act asks for is read where the clause says it; a clause that only names a list is not read, but for lists whose
act was found: Decree 69/2018 (appendix I: the banned chemicals of Decree 113/2017 may not be imported; White Lotus
Logistics), Joint Circular 14/2009 (rough diamonds; vanbanphapluat.co), Circular 37/2013 (cigarettes; lawnet.vn),
Decree 24/2012 (gold; hethongphapluat.com) and the procedure for tobacco machines (vietnamtradeportal.gov.vn), all as of
2026-12-02.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ewtp.core.rulebook.measure import Condition, Kind

# Brackets hold semicolons of their own.
_CLAUSE = re.compile(r"(?:[^;(]|\([^)]*(?:\)|$))+")
# Of a paper: the lists of an act have some goods of most lines they name.
LISTED = (Condition("listed", "", "the goods are among those that the act lists"),)
# Of a paper or a prohibition that a whole list is about: its goods are told by what they are for.
_KIND = (Condition("listed", "", "the goods are of the kind that the act is about"),)
_USED = Condition("state", "used", "the goods are used")
_REBUILT = Condition("state", "used_rebuilt", "the goods are used, and their construction was changed")
_ALTERED = Condition("state", "altered", "the number of the frame or of the engine was erased or altered")


class ClauseReading(StrEnum):
    """What became of a clause."""

    PAPER = "paper"
    # The clause says that nothing is asked for, or is about another matter than goods that are imported to stay.
    NOTHING = "nothing"
    # The clause names a list, and not what is asked for the goods of it.
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class PolicyPaper:
    """A paper, or a prohibition: who asks for it, and the condition that the question does not state."""

    agency: str
    name: str
    kind: Kind = Kind.REQUIREMENT
    when: tuple[Condition, ...] = LISTED


@dataclass(frozen=True, slots=True)
class PolicyClause:
    """A clause as read; ``act`` is the number of the decree, circular or decision that it cites."""

    reading: ClauseReading
    act: str = ""
    paper: PolicyPaper | None = None


def _bar(agency: str, name: str, *when: Condition) -> PolicyPaper:
    return PolicyPaper(agency, name, Kind.PROHIBITION, when or LISTED)


_ANIMALS = PolicyPaper("MARD", "Quarantine of animals and animal products")
_AQUATIC = PolicyPaper("MARD", "Quarantine of aquatic animals and their products")
_PLANTS = PolicyPaper("MARD", "Plant quarantine")
_PLANT_FOOD = PolicyPaper("MARD", "Food safety inspection of food of plant origin")
_FOOD = PolicyPaper("MOIT", "Food safety inspection")
_ENERGY = PolicyPaper("MOIT", "Inspection of energy efficiency")
_QUALITY = PolicyPaper("MOIT", "State inspection of quality")
_CHEMICALS = PolicyPaper("MOIT", "Declaration of chemicals")
_CONFORMITY = PolicyPaper("MOT", "Certificate or declaration of conformity")
_BEFORE_CLEARANCE = PolicyPaper("MOT", "Certificate of conformity before clearance")
_CERTIFIED = PolicyPaper("MIC", "Certificate and declaration of conformity")
_DECLARED = PolicyPaper("MIC", "Declaration of conformity")
_USE_BANNED = _bar("MARD", "Goods whose use is banned")
_LISTED = "Entry in the list of goods that are allowed"
_ALLOWED = PolicyPaper("MARD", _LISTED, when=_KIND)
_TRADED = PolicyPaper("MOIT", "Conditions of production and trade")
_GATE = PolicyPaper("GDVC", "Customs procedures at the border gate of entry")
# By the act that a clause cites and a word of it: what it asks for.
_PAPERS: tuple[tuple[str, str, PolicyPaper], ...] = (
    ("11/2021/TT-BNN&PTNT", "trên cạn thuộc diện phải kiểm dịch", _ANIMALS),
    ("11/2021/TT-BNN&PTNT", "thủy sản thuộc diện phải kiểm dịch", _AQUATIC),
    ("11/2021/TT-BNN&PTNT", "kiểm dịch thực vật", _PLANTS),
    ("11/2021/TT-BNN&PTNT", "nguồn gốc thực vật nhập khẩu", _PLANT_FOOD),
    ("1182/QĐ-BCT", "an toàn thực phẩm", _FOOD),
    ("1182/QĐ-BCT", "hiệu suất năng lượng", _ENERGY),
    ("1325A/QĐ-BCT", "hiệu suất năng lượng", _ENERGY),
    # Goods of group 2 are inspected, as another clause says of them.
    ("1325A/QĐ-BCT", "phải kiểm tra chất lượng", _QUALITY),
    ("1325A/QĐ-BCT", "KTCL", _QUALITY),
    ("1182/QĐ-BCT", "nhóm 2", _QUALITY),
    ("3810/QĐ-BKHCN", "nhóm 2", PolicyPaper("MOST", "State inspection of quality")),
    ("9981/QĐ-BCA", "nhóm 2", PolicyPaper("MPS", "State inspection of quality")),
    ("33/2017/TT-BCT", "phải kiểm tra trước khi thông quan", _QUALITY),
    ("113/2017/NĐ-CP", "phải khai báo", _CHEMICALS),
    ("41/2018/TT-BGTVT", "chứng nhận hoặc công bố hợp quy", _CONFORMITY),
    ("41/2018/TT-BGTVT", "trước thông quan", _BEFORE_CLEARANCE),
    ("23/2019/QĐ-TTg", "tại CK nhập", _GATE),
    ("01/2021/TT-BLĐTBXH", "SPHH phải", PolicyPaper("MOLISA", "State inspection of quality")),
    ("01/2021/TT-BTTTT", "chứng nhận hợp quy", _CERTIFIED),
    ("01/2021/TT-BTTTT", "công bố hợp quy", _DECLARED),
    ("2284/QĐ-BKHCN", "phải kiểm tra nhà nước", PolicyPaper("MOST", "State inspection of measuring instruments")),
    ("13/2018/TT-BTTTT", "theo giấy phép", PolicyPaper("MIC", "Import licence for network security products")),
    ("58/2016/NĐ-CP", "theo giấy phép", PolicyPaper("GCC", "Licence for products of civil cryptography")),
    ("22/2018/TT-BTTTT", "phải có GP", PolicyPaper("MIC", "Import licence")),
    ("22/2018/TT-BTTTT", "phải có văn bản", PolicyPaper("MIC", "Registration or import licence of publications")),
    ("13/2015/TT-BGTVT", "thay đổi thiết kế", _bar("MOT", "Rebuilt used vehicles may not be imported", _REBUILT)),
    ("13/2015/TT-BGTVT", "tẩy xóa", _bar("MOT", "Vehicles with altered numbers may not be imported", _ALTERED)),
    ("13/2015/TT-BGTVT", "phương tiện ĐQSD", _bar("MOT", "Used vehicles and parts may not be imported", _USED)),
    ("12/2018/TT-BCT", "Hàng tiêu dùng ĐQSD", _bar("MOIT", "Used consumer goods may not be imported", _USED)),
    ("12/2018/TT-BCT", "Phương tiện ĐQSD", _bar("MOIT", "Used vehicles may not be imported", _USED)),
    ("12/2018/TT-BCT", "Thiết bị Y tế ĐQSD", _bar("MOIT", "Used medical devices may not be imported", _USED)),
    ("11/2018/TT-BTTTT", "ĐQSD", _bar("MIC", "Used information technology may not be imported", _USED)),
    ("173/2018/TT-BQP", "Cấm XK, NK", _bar("MND", "Goods that may not be imported")),
    ("11/2021/TT-BNN&PTNT", "cấm sử dụng", _USE_BANNED),
    # Feed, medicines and species that are not on their list are not allowed.
    ("11/2021/TT-BNN&PTNT", "được phép", _ALLOWED),
    ("11/2021/TT-BNN&PTNT", "được công bố", _ALLOWED),
    ("28/2020/QĐ-TTg", "được phép NK", PolicyPaper("MONRE", _LISTED, when=_KIND)),
    ("113/2017/NĐ-CP", "hóa chất cấm", _bar("MOIT", "Goods that may not be imported")),
    ("113/2017/NĐ-CP", "SX KD có điều kiện", _TRADED),
    ("113/2017/NĐ-CP", "hạn chế SX KD", _TRADED),
    ("41/2019/TT-BCT", "Kim cương thô", PolicyPaper("MOIT", "Certificate of the Kimberley Process", when=_KIND)),
    ("41/2019/TT-BCT", "chuyên ngành thuốc lá", PolicyPaper("MOIT", "Import licence", when=_KIND)),
    ("47/2018/TT-NHNN", "Vàng", PolicyPaper("SBV", "Import licence", when=_KIND)),
    (
        "37/2013/TT-BCT",
        "Thuốc lá điếu",
        PolicyPaper("MOIT", "Import by the firm that the ministry designates", when=_KIND),
    ),
)
# Lists by which customs choose what to look at, goods that stay for re-export alone, duties against unfair trade, and
# clauses that say that a paper is not needed.
_NOTHING = re.compile(
    r"QĐ 2079|rủi ro về giá|TNTX|Phòng vệ thương mại|Hạn ngạch thuế quan|765/QĐ-BCT|SPHH không phải|không yêu cầu"
    r"|kiểm tra sau thông quan|tay lái bên phải được phép"
)
_OUTWARD = re.compile(r"xuất khẩu|\bXK\b")
_INWARD = re.compile(r"nhập khẩu|\bNK\b|XNK")


def split_clauses(cell: str) -> list[str]:
    """The clauses of a cell, each once."""
    found = (" ".join(clause.split()) for clause in _CLAUSE.findall(cell))
    return list(dict.fromkeys(clause for clause in found if clause))


def read_clause(clause: str) -> PolicyClause:
    """What a clause asks for when goods are imported; ``UNREAD`` where it does not say."""
    # One decision of the ministry of industry and trade is written in three ways.
    plain = clause.replace("1325A /", "1325A/").replace("1325A/QĐ-BTC", "1325A/QĐ-BCT")
    for act, word, paper in _PAPERS:
        if act in plain and word in plain:
            return PolicyClause(ClauseReading.PAPER, act, paper)
    outward = _OUTWARD.search(plain) and not _INWARD.search(plain)
    if outward or _NOTHING.search(plain):
        return PolicyClause(ClauseReading.NOTHING)
    return PolicyClause(ClauseReading.UNREAD)


def find_papers(cell: str) -> dict[PolicyPaper, list[str]]:
    """What the clauses of a cell ask for, each paper once, with the acts that have it."""
    papers: dict[PolicyPaper, list[str]] = {}
    for clause in split_clauses(cell):
        read = read_clause(clause)
        if read.paper is not None and read.act not in papers.setdefault(read.paper, []):
            papers[read.paper].append(read.act)
    return papers
