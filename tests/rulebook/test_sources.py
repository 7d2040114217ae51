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
        "burathanews.com",
        "camacoes.cl",
        "casetext.com",
        "changeflow.com",
        "cis-legislation.com",
        "content.govdelivery.com",
        "crane88.com",
        "cscb.ca",
        "datenbank.nwb.de",
        "discovery.researcher.life",
        "docslib.org",
        "dostupnyadvokat.cz",
        "eec.eaeunion.org",
        "etariff.au-afcfta.org",
        "exportribatejo.com",
        "fdocuments.fr",
        "french-business-law.com",
        "frontiersin.org",
        "frtracker.app",
        "github.com",
        "goodhopefreight.com",
        "iedom.fr",
        "invoicetariff.com",
        "jerseyeveningpost.com",
        "law.cornell.edu",
        "lex.gemeinde-bister.ch",
        "lexcovery.com",
        "kpmg.com",
        "lawnet.vn",
        "library.croneri.co.uk",
        "m.cctvys.com.cn",
        "nab.com.na",
        "news.laodong.vn",
        "northafricapost.com",
        "omegacargo.com.au",
        "online.flipbuilder.com",
        "passportglobal.com",
        "regfollower.com",
        "revenue.ie",
        "sciencegate.app",
        "service.betterregulation.com",
        "sovereigngroup.com",
        "sps.aspinei.ro",
        "stage.communicationsdaily.com",
        "statesassembly.je",
        "taxnotes.com",
        "taxsummaries.pwc.com",
        "tchadinfos.com",
        "test.burs.org.bw",
        "tobaccocontrol.bmj.com",
        "tradecaravan.co.za",
        "traddal.com",
        "tulli.fi",
        "vero.fi",
        "vero2.stat.fi",
        "vulearning.com.pk",
        "walvislink.com",
        "www.acts.co.za",
        "www.austlii.edu.au",
        "www.avalara.com",
        "www.bitc.co.bw",
        "www.crowe.com",
        "www.designoftradeagreements.org",
        "www.diariocentro.ec",
        "www.ers.org.sz",
        "www.ey.com",
        "www.gesetze-im-internet.de",
        "www.ghy.com",
        "www.global-regulation.com",
        "www.globalvatcompliance.com",
        "www.guichet.public.lu",
        "www.iea.org",
        "www.iedom.fr",
        "www.iraq-businessnews.com",
        "www.law.cornell.edu",
        "www.lexblog.com",
        "www.lexisnexis.co.uk",
        "www.luatvietnam.net",
        "www.mondaq.com",
        "www.namboard.co.sz",
        "www.oecd-ilibrary.org",
        "www.omnitrans.com",
        "www.shafaq.com",
        "www.silkway.news",
        "www.sinobtd.com",
        "www.tradevae.com",
        "www.vatupdate.com",
        "www.worldtraderef.com",
    ]
)

# Who publishes where; read elsewhere, a source names who repeats it as its carrier.
PUBLISHERS = {
    "ams.usda.gov": {"Agricultural Marketing Service"},
    "avalara.com": {"Avalara"},
    "bcp.gov.gh": {"Republic of Ghana"},
    "bitc.co.bw": {"Botswana Investment and Trade Centre"},
    "blog.burges-salmon.com": {"Burges Salmon"},
    "bundesfinanzministerium.de": {"Bundesministerium der Finanzen"},
    "business.gov.nl": {"Netherlands Enterprise Agency"},
    "carina.gov.hr": {"Customs Administration of Croatia"},
    "cbsa-asfc.gc.ca": {"Canada Border Services Agency"},
    "customs.gov.vn": {"General Department of Vietnam Customs"},
    "designoftradeagreements.org": {"DESTA project, University of Salzburg"},
    "discovery.researcher.life": {
        "a journal article, after the Control of Goods, Prices and Other Charges Regulations of 2003"
    },
    "douane.gouv.fr": {"French Customs"},
    "ec.europa.eu": {"European Commission"},
    "eec.eaeunion.org": {"Eurasian Economic Commission"},
    "ers.org.sz": {"Eswatini Revenue Service"},
    "eur-lex.europa.eu": {
        "Council of the European Union",
        "Council of the European Union and Banque de France",
        "European Commission",
    },
    "abf.gov.au": {"Australian Border Force"},
    "burathanews.com": {"Buratha News, after the director general of customs"},
    "camacoes.cl": {"Cámara Oficial Española de Comercio de Chile"},
    "exportribatejo.com": {"ExportRibatejo"},
    "github.com": {"sales-tax data set", "vat-rates data set"},
    "globalvatcompliance.com": {"Global VAT Compliance"},
    "gov.ie": {"Department of Finance of Ireland"},
    "gov.je": {"Government of Jersey", "Jersey Customs and Immigration Service"},
    "gov.uk": {
        "Department for Business and Trade",
        "Department for Environment, Food & Rural Affairs",
        "HM Revenue & Customs",
        "HM Revenue & Customs and HM Treasury",
        "Trade Remedies Authority",
        "UK Department for International Trade",
    },
    "guichet.public.lu": {"Grand Duchy of Luxembourg"},
    "hts.usitc.gov": {"United States International Trade Commission"},
    "iea.org": {"International Energy Agency"},
    "iedom.fr": {"IEDOM"},
    "invoicetariff.com": {"invoicetariff.com"},
    "iraq-businessnews.com": {"Iraq Business News"},
    "jerseyeveningpost.com": {"Jersey Evening Post, after the States of Jersey"},
    "laws-lois.justice.gc.ca": {"Parliament of Canada"},
    "lawnet.vn": {"LawNet"},
    "legislation.gov.uk": {"UK Parliament"},
    "lexblog.com": {"LexBlog"},
    "minfi.gov.cm": {"Ministry of Finance of Cameroon"},
    "moa.douane.gouv.fr": {"French Customs"},
    "monentreprise.gouv.mc": {"Principality of Monaco"},
    "nab.com.na": {"Namibian Agronomic Board"},
    "namboard.co.sz": {"National Agricultural Marketing Board of Eswatini"},
    "namibiatradeportal.gov.na": {"Republic of Namibia"},
    "oecd-ilibrary.org": {"OECD"},
    "passportglobal.com": {"Passport"},
    "publicsafety.gc.ca": {"Public Safety Canada"},
    "r0.unctad.org": {"US Department of Commerce (OTEXA) and UNCTAD TRAINS"},
    "reunion.gouv.fr": {"Prefecture of Réunion"},
    "revenue.ie": {"Office of the Revenue Commissioners of Ireland"},
    "sars.gov.za": {"South African Revenue Service"},
    "sciencegate.app": {"a journal article on excise duties in West Africa"},
    "shafaq.com": {"Shafaq News"},
    "omegacargo.com.au": {"Omega Cargo, customs broker"},
    "statesassembly.je": {"States Assembly of Jersey"},
    "taxation-customs.ec.europa.eu": {"European Commission"},
    "taxsummaries.pwc.com": {"PwC Worldwide Tax Summaries"},
    "tobaccocontrol.bmj.com": {"Tobacco Control (BMJ)"},
    "traddal.com": {"Traddal"},
    "trade-tariff.service.gov.uk": {"HM Revenue & Customs"},
    "trade.ec.europa.eu": {"European Commission"},
    "trade.gov": {"US International Trade Administration"},
    "tulli.fi": {"Finnish Customs"},
    "un.org": {"United Nations Security Council"},
    "unstats.un.org": {"UN Statistics Division"},
    "vatupdate.com": {"VATupdate"},
    "vero.fi": {"Finnish Tax Administration"},
    "worldtraderef.com": {"World Trade Press"},
}


def test_an_address_is_that_of_an_authority_or_of_somebody_known(book: SeedBook) -> None:
    hosts = {urlsplit(source.link).hostname or "": source.id for source in book.sources if source.link}
    assert len(hosts) > 60
    unknown = {host: source for host, source in hosts.items() if not AUTHORITIES.search(host) and host not in OTHERS}
    # A source whose own address is not known has none: an address that leads elsewhere is worse.
    assert unknown == {}
    assert hosts.keys() >= OTHERS


def test_an_address_is_its_publishers_or_a_carrier_is_named(book: SeedBook) -> None:
    read = [
        (source.id, source.publisher, (urlsplit(source.link).hostname or "").removeprefix("www."))
        for source in book.sources
        if source.link and not source.carrier
    ]
    assert [each for each in read if each[1] not in PUBLISHERS.get(each[2], ())] == []
    assert {(host, name) for _, name, host in read} == {
        (host, name) for host in PUBLISHERS for name in PUBLISHERS[host]
    }
