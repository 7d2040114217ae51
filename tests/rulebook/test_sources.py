"""Where the sources of the seed lead: to an authority, or to somebody known who repeats one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from ewtp.gateways.seed.reader import SeedBook

pytestmark = pytest.mark.seed

# Names that only public authorities and organisations between governments are given.
AUTHORITIES = re.compile(
    r"(^|\.)(gov|mil|int|europa\.eu|gc\.ca|un\.org|unctad\.org|wto\.org|admin\.ch|(gov|gob|gouv)\.[a-z]{2})$"
)
# Authorities with names of their own, and those who repeat law or state it themselves, as their titles say.
OTHERS = frozenset(
    [
        "accountingtoday.com",
        "acts.co.za",
        "agp.africanlii.org",
        "api.ai-analytics.org",
        "bgloballaw.com",
        "blog.burges-salmon.com",
        "bundesfinanzministerium.de",
        "capitalistledger.com",
        "changeflow.com",
        "content.govdelivery.com",
        "cscb.ca",
        "datenbank.nwb.de",
        "dostupnyadvokat.cz",
        "etariff.au-afcfta.org",
        "frtracker.app",
        "github.com",
        "goodhopefreight.com",
        "invoicetariff.com",
        "jerseyeveningpost.com",
        "law.cornell.edu",
        "lex.gemeinde-bister.ch",
        "lexcovery.com",
        "library.croneri.co.uk",
        "northafricapost.com",
        "regfollower.com",
        "revenue.ie",
        "service.betterregulation.com",
        "sovereigngroup.com",
        "stage.communicationsdaily.com",
        "statesassembly.je",
        "taxnotes.com",
        "taxsummaries.pwc.com",
        "tchadinfos.com",
        "test.burs.org.bw",
        "tobaccocontrol.bmj.com",
        "tradecaravan.co.za",
        "tulli.fi",
        "vero.fi",
        "vero2.stat.fi",
        "vulearning.com.pk",
        "walvislink.com",
        "www.acts.co.za",
        "www.avalara.com",
        "www.bitc.co.bw",
        "www.crowe.com",
        "www.diariocentro.ec",
        "www.ers.org.sz",
        "www.ey.com",
        "www.gesetze-im-internet.de",
        "www.globalvatcompliance.com",
        "www.guichet.public.lu",
        "www.law.cornell.edu",
        "www.lexblog.com",
        "www.lexisnexis.co.uk",
        "www.oecd-ilibrary.org",
        "www.omnitrans.com",
        "www.silkway.news",
        "www.tradevae.com",
        "www.tralac.org",
        "www.vatupdate.com",
    ]
)


def test_an_address_is_that_of_an_authority_or_of_somebody_known(book: SeedBook) -> None:
    hosts = {urlsplit(source.link).hostname or "": source.id for source in book.sources if source.link}
    assert len(hosts) > 60
    unknown = {host: source for host, source in hosts.items() if not AUTHORITIES.search(host) and host not in OTHERS}
    # A source whose own address is not known has none: an address that leads elsewhere is worse.
    assert unknown == {}
    assert hosts.keys() >= OTHERS
