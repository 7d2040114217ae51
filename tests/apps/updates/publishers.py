"""A local server that plays every publisher, with small files of the shapes that they give out."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ewtp.gateways.publishers.publisher_table import ECB, HMRC, OFAC, UK_TARIFF, UN, USITC
from tests.gateways.official_files.screening.test_list_folder import ADD, ALT, SDN
from tests.gateways.official_files.screening.test_list_folder import UN as UN_XML
from tests.playing_server import Played

if TYPE_CHECKING:
    from tests.playing_server import PlayingServer

NOW = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
SOURCES = (USITC, UK_TARIFF, HMRC, ECB, UN, OFAC)
COMMODITIES = ("0901210010", "6109100010")
RELEASES, EXPORT = "/hts/releaseList", "/hts/exportList?from=0100&to=9999&format=JSON&styles=false"
# The file that faults are tried on: the last of each source, so that what came before it must not stay either.
LAST_FILE = {
    USITC: EXPORT,
    UK_TARIFF: f"/uk/commodities/{COMMODITIES[1]}",
    HMRC: "/rates/monthly_csv_2026-12.csv",
    ECB: "/ecb.zip",
    UN: "/un.xml",
    OFAC: "/ofac/ADD.CSV",
}
_RATES = {1: ("1.1500", "1.3000"), 2: ("1.1600", "1.3100")}


def settings_for(server: PlayingServer) -> dict[str, str]:
    """The settings of an installation whose publishers are all played by a server."""
    return {
        "EWTP_USITC_URL": f"{server.address}/hts",
        "EWTP_UK_TARIFF_URL": f"{server.address}/uk",
        "EWTP_UK_COMMODITIES": ",".join(COMMODITIES),
        "EWTP_HMRC_RATES_URL": f"{server.address}/rates",
        "EWTP_ECB_RATES_URL": f"{server.address}/ecb.zip",
        "EWTP_UN_LIST_URL": f"{server.address}/un.xml",
        "EWTP_OFAC_LIST_URL": f"{server.address}/ofac/",
    }


def publish(server: PlayingServer, edition: int) -> None:
    """Have every publisher give out an edition: 1, or 2 with something new in the last file of each source."""
    bodies = {
        RELEASES: _releases(edition),
        EXPORT: _export(edition),
        "/uk/geographical_areas": json.dumps(_AREAS).encode(),
        f"/uk/commodities/{COMMODITIES[0]}": _commodity(COMMODITIES[0], 7.5),
        LAST_FILE[UK_TARIFF]: _commodity(COMMODITIES[1], 12.0 if edition == 1 else 10.0),
        "/rates/monthly_csv_2026-11.csv": month_file(11, "1.1400", "1.2900"),
        LAST_FILE[HMRC]: month_file(12, *_RATES[edition]),
        LAST_FILE[ECB]: _series(edition),
        LAST_FILE[UN]: _un(edition),
        "/ofac/SDN.CSV": SDN.encode(),
        "/ofac/ALT.CSV": ALT.encode(),
        LAST_FILE[OFAC]: (ADD + ('9,202,"Street 2","Port","Elsewhere",-0- \n' if edition > 1 else "")).encode(),
    }
    sent = {"Last-Modified": f"Mon, {29 + edition} Nov 2026 08:00:00 GMT"}
    for path, body in bodies.items():
        server.has[path] = Played(body, etag=f'"{hash(body)}"', headers=sent)


def _releases(edition: int) -> bytes:
    current = {1: ("2026HTSRev10", "06/08/2026"), 2: ("2026HTSRev11", "07/01/2026")}[edition]
    old = {"name": "2026HTSBasic", "status": "archived", "releaseStartDate": "01/01/2026"}
    return json.dumps([old, {"name": current[0], "status": "current", "releaseStartDate": current[1]}]).encode()


def _export(edition: int) -> bytes:
    blank: dict[str, Any] = {"general": "", "special": "", "other": "", "footnotes": [], "superior": None, "units": []}
    duty = "6.8%" if edition == 1 else "5%"
    rows = [
        blank | {"htsno": "0101", "indent": "0", "description": "Live horses:"},
        blank | {"htsno": "0101.30.00.00", "indent": "1", "description": "Asses", "units": ["No."], "general": duty},
        blank | {"htsno": "0101.90.00.00", "indent": "1", "description": "Other", "units": ["No."], "general": "4%"},
    ]
    return json.dumps(rows).encode()


_AREAS = {
    "data": [
        {
            "id": "1011",
            "type": "geographical_area",
            "attributes": {"description": "Everyone", "geographical_area_id": "1011"},
            "relationships": {"children_geographical_areas": {"data": [{"id": "KE"}, {"id": "CN"}]}},
        },
        {
            "id": "2005",
            "type": "geographical_area",
            "attributes": {"description": "Some", "geographical_area_id": "2005"},
            "relationships": {"children_geographical_areas": {"data": [{"id": "KE"}, {"id": "GH"}]}},
        },
    ]
}


def _commodity(code: str, rate: float) -> bytes:
    duty = {
        "id": f"1{code}",
        "measure_type": {"id": "103", "description": "Third country duty", "measure_type_series_id": "C"},
        "effective_start_date": "2021-01-01",
        "geographical_area": {"id": "1011"},
        "measure_components": [{"duty_expression_id": "01", "duty_amount": rate}],
    }
    return json.dumps({"goods_nomenclature_item_id": code, "import_measures": [duty]}).encode()


def month_file(month: int, euro: str, dollar: str, year: int = 2026) -> bytes:
    """A month of HMRC's rates as the Online Tariff gives it out."""
    last = 30 if month == 11 else 31
    days = f"01/{month:02}/{year},{last}/{month:02}/{year}"
    heading = "Country/Territories,Currency,Currency Code,Currency Units per £1,Start date,End date"
    rows = [f"Austria,Euro,EUR,{euro},{days}", f"Spain,Euro,EUR,{euro},{days}", f"USA,Dollar,USD,{dollar},{days}"]
    return ("\n".join([heading, *rows]) + "\n").encode()


def _series(edition: int) -> bytes:
    """The series as the ECB packs it, newest day first."""
    rows = [
        "2026-12-01,1.1180,175.70,0.8340,0.9200,18.6500,N/A,",
        "2026-11-30,1.1172,175.68,0.8338,0.9194,18.6455,N/A,",
    ]
    table = ["Date,USD,JPY,GBP,CHF,ZAR,CYP,", *rows[2 - edition :]]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("eurofxref-hist.csv"), "\n".join(table) + "\n")
    return packed.getvalue()


def _un(edition: int) -> bytes:
    if edition == 1:
        return UN_XML.encode()
    return UN_XML.replace("2026-06-01T", "2026-11-20T").replace("ZARVONIA SHIPPING", "ZARVONIA LINES").encode()
