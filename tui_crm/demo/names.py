"""The words of the invented company: people, companies, numbers and what is said, by country.

Nobody in here exists. Names are put together from lists; addresses end in ``.example``, which is
registered for nobody (RFC 2606); phone numbers lie in the ranges that the regulators keep for
film and fiction: Ofcom's drama numbers, the 555-01xx numbers of North America, ARCEP's fiction
ranges, the Bundesnetzagentur's drama numbers. Spain keeps none, so Spanish numbers begin with +34
3, which the numbering plan gives to nobody. A range that is used up goes on with more digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, TypeVar

from tui_crm.core.text import fold

T = TypeVar("T")


class Pick(Protocol):
    """Chooses one of several by chance."""

    def __call__(self, among: Sequence[T]) -> T: ...


@dataclass(frozen=True)
class Land:
    """A country: what its companies, people and numbers are called.

    ``ranges`` are ``(as typed, E.164, digits)`` of a range of numbers, ``{n}`` filled in;
    ``said`` are the words of an action by how it ended.
    """

    code: str
    country: str
    cities: tuple[str, ...]
    first: tuple[str, ...]
    last: tuple[str, ...]
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    trades: tuple[tuple[str, str], ...]  # the word in the name, and the sector
    forms: tuple[str, ...]
    pattern: str
    roles: tuple[str, ...]
    ranges: tuple[tuple[str, str, int], ...]
    deals: tuple[tuple[str, int], ...]  # what they buy, and about how much (major units)
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    nexts: tuple[tuple[str, str], ...]  # kind and words of a next action
    said: dict[str, tuple[str, ...]]

    def company(self, pick: Pick) -> tuple[str, str]:
        """A company's name and its sector."""
        trade, sector = pick(self.trades)
        name = self.pattern.format(
            root=pick(self.heads) + pick(self.tails), trade=trade, form=pick(self.forms)
        )
        return name.strip(), sector

    def person(self, pick: Pick) -> tuple[str, str]:
        """First and last name."""
        return pick(self.first), pick(self.last)

    def phone(self, nth: int) -> tuple[str, str]:
        """The ``nth`` number as typed and in E.164 (empty where it is none), each a different one;
        spread over the ranges so that neighbours do not follow one another."""
        typed, e164, digits = self.ranges[nth % len(self.ranges)]
        size = 10**digits
        lap, rest = divmod(nth // len(self.ranges), size)
        place = f"{rest * 7919 % size:0{digits}d}" + (str(lap) if lap else "")
        spaced = f"{place[:2]} {place[2:]}" if self.code == "FR" else place
        return typed.format(n=spaced), e164.format(n=place) if e164 else ""

    def city_of(self, nth: int) -> str:
        """The city that the ``nth`` number rings in, where the ranges are those of cities."""
        return self.cities[nth % len(self.ranges)] if self.code in ("US", "GB") else ""


@lru_cache(maxsize=20_000)
def address(name: str) -> str:
    """A name as part of an address: letters and digits, joined by hyphens."""
    return (
        "-".join(
            "".join(c for c in word if c.isascii() and c.isalnum()) for word in fold(name).split()
        )
        .strip("-")
        .replace("--", "-")
    )


def email(first: str, last: str, company: str) -> str:
    """Somebody's address at a company."""
    return f"{address(first)}.{address(last)}@{address(company)}.example"


SPAIN = Land(
    code="ES",
    country="Spain",
    cities=(
        "Valencia",
        "Sevilla",
        "Zaragoza",
        "Málaga",
        "Bilbao",
        "Murcia",
        "Palma",
        "Gijón",
        "Vigo",
    ),
    first=(
        "Marta",
        "Iñaki",
        "Lucía",
        "Javier",
        "Nuria",
        "Álvaro",
        "Elena",
        "Pablo",
        "Rocío",
        "Hugo",
        "Carmen",
        "Andrés",
        "Irene",
        "Sergio",
        "Paula",
        "Óscar",
    ),
    last=(
        "Quintana",
        "Ferrán",
        "Olmedo",
        "Rivas",
        "Castaño",
        "Peñalver",
        "Ibarra",
        "Solís",
        "Montero",
        "Arroyo",
        "Vidal",
        "Carrasco",
        "Espejo",
        "Navas",
        "Lozano",
        "Bermejo",
    ),
    heads=("Casa", "Monte", "Villa", "Mar", "Sol", "Rio", "Val", "Puerto", "Flor", "Agua"),
    tails=(
        "clara",
        "verde",
        "blanca",
        "real",
        "nuevo",
        "alto",
        "serena",
        "dorado",
        "viva",
        "llano",
    ),
    trades=(
        ("Hoteles", "Hospitality"),
        ("Talleres", "Industry"),
        ("Bodegas", "Food"),
        ("Clínica", "Health"),
        ("Transportes", "Logistics"),
        ("Muebles", "Retail"),
        ("Academia", "Education"),
        ("Reformas", "Building"),
    ),
    forms=("S.L.", "S.A.", "", ""),
    pattern="{trade} {root} {form}",
    roles=("gerente", "compras", "dirección comercial", "sistemas", "marketing", "administración"),
    ranges=(("+34 300 {n}", "", 6), ("+34 310 {n}", "", 6)),
    deals=(
        ("web nueva", 9000),
        ("tienda en línea", 14000),
        ("motor de reservas", 7500),
        ("contrato de soporte", 3200),
        ("licencias", 5400),
        ("formación", 1800),
        ("migración", 11000),
        ("piloto", 2500),
        ("terminales", 4600),
    ),
    fields=(
        ("Empleados", ("12", "35", "60", "140")),
        ("Web actual", ("de 2016, sin móvil", "WordPress", "hecha en casa", "ninguna")),
        ("Decide", ("gerencia", "el consejo, en diciembre", "los dos socios")),
    ),
    nexts=(
        ("call", "llamar por el presupuesto"),
        ("email", "enviar la oferta revisada"),
        ("meeting", "reunión con gerencia"),
        ("call", "confirmar fechas"),
        ("email", "mandar casos"),
        ("call", "preguntar por la decisión"),
    ),
    said={
        "reached": (
            "quiere presupuesto antes del viernes",
            "le interesa, decide en enero",
            "pide referencias del sector",
            "habla con su socio y nos dice",
            "el proveedor actual no responde, buen momento",
        ),
        "no": ("", "", "", "no cogen a mediodía"),
        "voicemail": ("", "mensaje dejado", ""),
        "else": ("recepción: está de viaje hasta el lunes", "su compañera toma nota"),
        "sent": ("oferta enviada", "enviadas dos referencias", "resumen de la llamada"),
        "answered": ("acusa recibo, lo mira esta semana", "pide otro precio para tres años"),
        "held": (
            "demo hecha, gustó el panel",
            "visto el alcance, falta el precio",
            "presentes gerencia y sistemas; piden fases",
        ),
        "moved": ("aplazada a la semana que viene",),
        "note": ("renuevan contrato en marzo", "pagan a 60 días", "no llamar antes de las diez"),
        "want": ("quiere ver una demo", "buscan proveedor ahora"),
        "want_info": ("mandar catálogo y precios",),
        "not": ("ya tienen proveedor", "ahora no, quizá en otoño", ""),
        "never": ("no quiere más llamadas",),
    },
)

FRANCE = Land(
    code="FR",
    country="France",
    cities=("Lyon", "Grenoble", "Nantes", "Lille", "Rennes", "Dijon", "Annecy", "Tours", "Metz"),
    first=(
        "Chloé",
        "Julien",
        "Camille",
        "Benoît",
        "Élodie",
        "Mathieu",
        "Sophie",
        "Étienne",
        "Manon",
        "Cédric",
        "Aurélie",
        "Thibault",
        "Léa",
        "François",
        "Inès",
        "Gaël",
    ),
    last=(
        "Vasseur",
        "Delorme",
        "Marchand",
        "Perrot",
        "Blanchet",
        "Rouvière",
        "Garnier",
        "Lemoine",
        "Chauvet",
        "Besson",
        "Fabre",
        "Noiret",
        "Carlier",
        "Hamelin",
        "Jourdan",
        "Mallet",
    ),
    heads=("Bois", "Clair", "Haute", "Mont", "Val", "Belle", "Roche", "Pont", "Grand", "Saint-"),
    tails=("rive", "fort", "fontaine", "vallon", "mare", "lande", "clos", "combe", "aube", "brune"),
    trades=(
        ("Hôtel", "Hospitality"),
        ("Ateliers", "Industry"),
        ("Épicerie", "Food"),
        ("Cabinet", "Health"),
        ("Transports", "Logistics"),
        ("Boutique", "Retail"),
        ("Institut", "Education"),
        ("Menuiserie", "Building"),
    ),
    forms=("SARL", "SAS", "", "& Fils"),
    pattern="{trade} {root} {form}",
    roles=("gérante", "achats", "direction", "informatique", "marketing", "comptabilité"),
    ranges=(
        ("04 65 71 {n}", "+3346571{n}", 4),
        ("01 99 00 {n}", "+3319900{n}", 4),
        ("02 61 91 {n}", "+3326191{n}", 4),
        ("03 53 01 {n}", "+3335301{n}", 4),
        ("05 36 49 {n}", "+3353649{n}", 4),
    ),
    deals=(
        ("refonte du site", 9500),
        ("boutique en ligne", 13500),
        ("réservations", 7000),
        ("contrat de support", 3400),
        ("licences", 5200),
        ("formation", 1900),
        ("reprise", 12000),
        ("pilote", 2600),
        ("caisses", 4900),
    ),
    fields=(
        ("Salariés", ("8", "25", "70", "160")),
        ("Site actuel", ("Joomla, 2015", "fait maison", "agence locale", "aucun")),
        ("Décide", ("la gérante", "le comité, mi-décembre", "les associés")),
    ),
    nexts=(
        ("call", "rappeler pour le devis"),
        ("email", "envoyer l'offre révisée"),
        ("meeting", "rendez-vous sur place"),
        ("call", "point sur le budget"),
        ("email", "envoyer deux références"),
        ("call", "demander la décision"),
    ),
    said={
        "reached": (
            "veut un devis avant vendredi",
            "intéressée, budget en janvier",
            "demande des références",
            "en parle à son associé",
            "contrat actuel trop cher",
        ),
        "no": ("", "", "", "fermé à midi"),
        "voicemail": ("", "message laissé", ""),
        "else": ("l'accueil : en congé jusqu'à lundi", "son adjoint prend note"),
        "sent": ("devis envoyé", "compte rendu envoyé", "références envoyées"),
        "answered": ("bien reçu, réponse cette semaine", "demande un prix sur trois ans"),
        "held": (
            "démo faite, bon accueil",
            "périmètre vu, reste le prix",
            "avec l'informatique ; veulent deux phases",
        ),
        "moved": ("reporté d'une semaine",),
        "note": ("contrat à échéance en mars", "règle à 45 jours", "jamais le mercredi"),
        "want": ("veut voir une démo", "cherche un prestataire"),
        "want_info": ("envoyer la plaquette",),
        "not": ("déjà équipés", "pas cette année", ""),
        "never": ("ne veut plus d'appels",),
    },
)

GERMANY = Land(
    code="DE",
    country="Germany",
    cities=("Berlin", "Hamburg", "Köln", "München", "Frankfurt", "Leipzig", "Bremen", "Nürnberg"),
    first=(
        "Anna",
        "Jonas",
        "Katrin",
        "Stefan",
        "Jörg",
        "Heike",
        "Lena",
        "Matthias",
        "Sabine",
        "Uwe",
        "Franziska",
        "Dirk",
        "Miriam",
        "Torsten",
        "Greta",
        "Lukas",
    ),
    last=(
        "Wiebe",
        "Brandt",
        "Hollmann",
        "Kessler",
        "Dörfler",
        "Ziegler",
        "Mertens",
        "Lüders",
        "Falk",
        "Hartung",
        "Öhler",
        "Sandmann",
        "Petersen",
        "Reimann",
        "Vogt",
        "Weidner",
    ),
    heads=(
        "Falken",
        "Birken",
        "Ahorn",
        "Linden",
        "Hasel",
        "Wiesen",
        "Silber",
        "Kupfer",
        "Sonnen",
        "Nord",
    ),
    tails=("bach", "berg", "feld", "hof", "tal", "au", "brunn", "stein", "horst", "mark"),
    trades=(
        ("Hotel", "Hospitality"),
        ("Metallbau", "Industry"),
        ("Bäckerei", "Food"),
        ("Praxis", "Health"),
        ("Spedition", "Logistics"),
        ("Möbel", "Retail"),
        ("Akademie", "Education"),
        ("Holzbau", "Building"),
    ),
    forms=("GmbH", "KG", "GmbH & Co. KG", ""),
    pattern="{trade} {root} {form}",
    roles=("Einkauf", "Geschäftsführung", "Vertrieb", "IT-Leitung", "Marketing", "Buchhaltung"),
    ranges=(
        ("030 23125{n}", "+493023125{n}", 3),
        ("040 66969{n}", "+494066969{n}", 3),
        ("0221 4710{n}", "+492214710{n}", 3),
        ("089 99998{n}", "+498999998{n}", 3),
        ("069 90009{n}", "+496990009{n}", 3),
    ),
    deals=(
        ("neue Website", 10500),
        ("Webshop", 15500),
        ("Buchungssystem", 7800),
        ("Wartungsvertrag", 3600),
        ("Lizenzen", 5800),
        ("Schulung", 2100),
        ("Umzug", 12500),
        ("Pilot", 2800),
        ("Kassen", 5100),
    ),
    fields=(
        ("Mitarbeiter", ("15", "40", "85", "210")),
        ("Website heute", ("Typo3 9, vier Sprachen", "Baukasten", "Agentur vor Ort", "keine")),
        ("Entscheidet", ("der Vorstand, 4. Dezember", "Geschäftsführung", "beide Inhaber")),
    ),
    nexts=(
        ("call", "wegen Angebot nachfassen"),
        ("email", "überarbeitetes Angebot"),
        ("meeting", "Termin vor Ort"),
        ("call", "Budget klären"),
        ("email", "Referenzen schicken"),
        ("call", "nach der Entscheidung fragen"),
    ),
    said={
        "reached": (
            "möchte bis Freitag ein Angebot",
            "Interesse, Budget ab Januar",
            "fragt nach Referenzen",
            "bespricht es mit dem Inhaber",
            "jetziger Anbieter zu langsam",
        ),
        "no": ("", "", "", "mittags geschlossen"),
        "voicemail": ("", "Band besprochen", ""),
        "else": ("Zentrale: bis Montag im Urlaub", "Kollegin notiert es"),
        "sent": ("Angebot geschickt", "Protokoll geschickt", "Referenzen geschickt"),
        "answered": ("erhalten, meldet sich diese Woche", "möchte Preis für drei Jahre"),
        "held": (
            "Vorführung, gut angekommen",
            "Umfang klar, Preis offen",
            "mit IT und Einkauf; zwei Stufen gewünscht",
        ),
        "moved": ("um eine Woche verschoben",),
        "note": ("Vertrag läuft bis März", "zahlt nach 30 Tagen", "nie vor neun anrufen"),
        "want": ("möchte eine Vorführung", "sucht gerade einen Anbieter"),
        "want_info": ("Unterlagen schicken",),
        "not": ("hat einen Anbieter", "dieses Jahr nicht mehr", ""),
        "never": ("wünscht keine Anrufe",),
    },
)

_FIELDS = (
    ("Employees", ("9", "30", "85", "220")),
    ("Site today", ("Drupal 7", "home-made", "none", "an agency's, 2017")),
    ("Decides", ("the owner", "the board, 4 December", "both directors")),
)
_NEXTS = (
    ("call", "chase the quote"),
    ("email", "send the revised offer"),
    ("meeting", "on-site meeting"),
    ("call", "budget check"),
    ("email", "send two references"),
    ("call", "ask for the decision"),
)
_SAID = {
    "reached": (
        "wants a quote by Friday",
        "interested, budget from January",
        "asks for references",
        "will talk to her director",
        "unhappy with the current supplier",
    ),
    "no": ("", "", "", "closed at lunch"),
    "voicemail": ("", "left a message", ""),
    "else": ("front desk: away until Monday", "colleague takes a note"),
    "sent": ("quote sent", "summary of the call sent", "references sent"),
    "answered": ("received, answers this week", "wants a price for three years"),
    "held": ("demo went well", "scope agreed, price open", "with IT; they want two phases"),
    "moved": ("moved by a week",),
    "note": ("contract ends in March", "pays after 30 days", "never before ten"),
    "want": ("wants to see a demo", "looking for a supplier now"),
    "want_info": ("send the brochure",),
    "not": ("has a supplier", "not this year", ""),
    "never": ("wants no more calls",),
}

BRITAIN = Land(
    code="GB",
    country="United Kingdom",
    cities=(
        "Leeds",
        "Sheffield",
        "Reading",
        "Birmingham",
        "Edinburgh",
        "Glasgow",
        "Liverpool",
        "Manchester",
        "Newcastle",
        "London",
        "Cardiff",
    ),
    first=(
        "Ben",
        "Harriet",
        "Callum",
        "Imogen",
        "Owen",
        "Priya",
        "Rhys",
        "Charlotte",
        "Fergus",
        "Amara",
        "Gareth",
        "Niamh",
        "Tobias",
        "Zara",
        "Alistair",
        "Beth",
    ),
    last=(
        "Ashworth",
        "Penhale",
        "Cartwright",
        "Holloway",
        "Mistry",
        "Lockwood",
        "Okafor",
        "Thornley",
        "Gethin",
        "Rushworth",
        "Fairclough",
        "Strachan",
        "Whitlow",
        "Marsden",
        "Ellery",
        "Craddock",
    ),
    heads=("North", "Ash", "Oak", "Stone", "River", "Hill", "Mill", "Fern", "West", "Lark"),
    tails=("gate", "field", "brook", "bridge", "ford", "wick", "combe", "dale", "moor", "stead"),
    trades=(
        ("Hotels", "Hospitality"),
        ("Engineering", "Industry"),
        ("Foods", "Food"),
        ("Dental", "Health"),
        ("Freight", "Logistics"),
        ("Interiors", "Retail"),
        ("Training", "Education"),
        ("Joinery", "Building"),
    ),
    forms=("Ltd", "& Partners", "", "Group"),
    pattern="{root} {trade} {form}",
    roles=("operations", "purchasing", "managing director", "IT", "marketing", "office manager"),
    ranges=(
        ("0113 496 0{n}", "+441134960{n}", 3),
        ("0114 496 0{n}", "+441144960{n}", 3),
        ("0118 496 0{n}", "+441184960{n}", 3),
        ("0121 496 0{n}", "+441214960{n}", 3),
        ("0131 496 0{n}", "+441314960{n}", 3),
        ("0141 496 0{n}", "+441414960{n}", 3),
        ("0151 496 0{n}", "+441514960{n}", 3),
        ("0161 496 0{n}", "+441614960{n}", 3),
        ("0191 498 0{n}", "+441914980{n}", 3),
        ("020 7946 0{n}", "+442079460{n}", 3),
        ("029 2018 0{n}", "+442920180{n}", 3),
    ),
    deals=(
        ("website relaunch", 9800),
        ("online shop", 14500),
        ("booking system", 7200),
        ("support contract", 3300),
        ("licences", 5500),
        ("training days", 1900),
        ("migration", 11800),
        ("pilot", 2600),
        ("point of sale", 4800),
    ),
    fields=_FIELDS,
    nexts=_NEXTS,
    said=_SAID,
)

AMERICA = Land(
    code="US",
    country="United States",
    cities=(
        "New York",
        "Boston",
        "Chicago",
        "Denver",
        "Austin",
        "Seattle",
        "San Diego",
        "Atlanta",
        "Phoenix",
        "Miami",
    ),
    first=(
        "Walter",
        "Denise",
        "Tyrell",
        "Joanna",
        "Miguel",
        "Sierra",
        "Curtis",
        "Hannah",
        "Dwayne",
        "Leticia",
        "Grant",
        "Molly",
        "Andre",
        "Kendra",
        "Russell",
        "Tess",
    ),
    last=(
        "Halvorsen",
        "Beaumont",
        "Pruitt",
        "Castellan",
        "Mayhew",
        "Delacroix",
        "Whitaker",
        "Odom",
        "Lindgren",
        "Stroud",
        "Varga",
        "Kimball",
        "Rosales",
        "Tate",
        "Bellamy",
        "Nakano",
    ),
    heads=(
        "Blue",
        "Cedar",
        "Summit",
        "Lake",
        "Prairie",
        "Canyon",
        "Harbor",
        "Iron",
        "Maple",
        "Sun",
    ),
    tails=("side", "crest", "view", "land", "point", "haven", "ridge", "stone", "port", "way"),
    trades=(
        ("Lodging", "Hospitality"),
        ("Fabrication", "Industry"),
        ("Provisions", "Food"),
        ("Clinics", "Health"),
        ("Trucking", "Logistics"),
        ("Outfitters", "Retail"),
        ("Learning", "Education"),
        ("Builders", "Building"),
    ),
    forms=("LLC", "Inc.", "Co.", ""),
    pattern="{root} {trade} {form}",
    roles=("operations", "purchasing", "owner", "IT", "marketing", "office manager"),
    ranges=(
        ("(212) 555-01{n}", "+121255501{n}", 2),
        ("(617) 555-01{n}", "+161755501{n}", 2),
        ("(312) 555-01{n}", "+131255501{n}", 2),
        ("(303) 555-01{n}", "+130355501{n}", 2),
        ("(512) 555-01{n}", "+151255501{n}", 2),
        ("(206) 555-01{n}", "+120655501{n}", 2),
        ("(619) 555-01{n}", "+161955501{n}", 2),
        ("(404) 555-01{n}", "+140455501{n}", 2),
        ("(602) 555-01{n}", "+160255501{n}", 2),
        ("(305) 555-01{n}", "+130555501{n}", 2),
    ),
    deals=BRITAIN.deals,
    fields=BRITAIN.fields,
    nexts=BRITAIN.nexts,
    said=BRITAIN.said,
)

LANDS = {land.code: land for land in (SPAIN, FRANCE, GERMANY, BRITAIN, AMERICA)}
HOME = (("ES", 34), ("FR", 26), ("DE", 22), ("GB", 18))  # where leads come from, in percent

SOURCES = (("Web form", 34), ("Referral", 22), ("Trade fair", 12), ("Phone", 20), ("Partner", 12))
SECTORS = tuple(dict.fromkeys(sector for _name, sector in SPAIN.trades))
FREE_TAGS = ("hot", "relaunch", "tender", "multilingual", "seasonal", "reference")

COLLEAGUES = (
    ("marta", "Marta Quintana", "manager", "South"),
    ("ben", "Ben Ashworth", "rep", "North"),
    ("chloe", "Chloé Vasseur", "rep", "South"),
    ("jonas", "Jonas Wiebe", "rep", "North"),
    ("lucia", "Lucía Ferrán", "rep", "South"),
)
SPARE = ("nadia", "Nadia Olmedo")  # stands in for a colleague whose name the user has

TEMPLATES = (
    (
        "After our call",
        "en",
        "What we talked about",
        "Dear {first name},\n\nthank you for your time today. As agreed, here is what we offer to"
        " {company}.\n\nKind regards\n{my name}",
    ),
    (
        "After our call",
        "es",
        "Lo que hablamos",
        "Hola, {first name}:\n\nGracias por tu tiempo. Como quedamos, esto es lo que ofrecemos a"
        " {company}.\n\nUn saludo\n{my name}",
    ),
    (
        "Offer",
        "en",
        "Our offer of {amount}",
        "Dear {first name},\n\nour offer for {title} comes to {amount}. May I call you on Friday to"
        " go through it?\n\nKind regards\n{my name}",
    ),
    (
        "Reminder",
        "en",
        "Any questions left?",
        "Dear {first name},\n\nI wanted to ask whether you had a chance to look at our offer."
        "\n\nKind regards\n{my name}",
    ),
)
"""Templates of messages: name, language, subject, text."""
