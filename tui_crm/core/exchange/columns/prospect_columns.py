"""Which column of a prospect file means what.

The header decides where it says something, in English, Spanish, French or German, however it is
written ("Téléphone", "Tel. móvil", "E-Mail-Adresse", "phone1", "BILLINGCITY", "Phone 1 - Value");
where it says nothing, the content does. A header is matched as a whole: every word of it must
belong to the field, so "Phone Type", "E-mail opt out" and "Company size" stay what they are.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from tui_crm.core.exchange.columns import by_content as values_of
from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.text import fold

if TYPE_CHECKING:
    from tui_crm.core.exchange.readers.table import RawRow

FIELDS = (
    "name",
    "first_name",
    "last_name",
    "company",
    "role",
    "phone",
    "email",
    "web",
    "linkedin",
    "city",
    "country",
    "zone",
    "tags",
)
"""The fields of a prospect."""

SEVERAL = frozenset({"phone", "email"})
"""The fields that several columns may fill."""


class Meaning(NamedTuple):
    """What a header can mean. ``weak`` ones yield to any better column of the same field."""

    field: str
    weak: bool = False


# --------------------------------------------------------------------------- the words of a header


def words(header: str) -> list[str]:
    """The words of a header: small letters, without accents, camelCase and digits taken apart."""
    text = re.sub(r"(?<=[a-zà-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ])", " ", header)
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return re.findall(r"[^\W\d_]+|\d+", text)


def signature(columns: Sequence[str]) -> str:
    """A key for files with these columns, by which a mapping is remembered.

    The order of the columns, their case and their accents do not matter; another set of columns
    is another key.
    """
    plain = sorted(" ".join(words(column)) for column in columns)
    return hashlib.sha256("\x1f".join(plain).encode()).hexdigest()[:32]


# Which of several, and little words: they change nothing about what a column is.
EMPTY_WORDS = word_set(
    """
    the of and a an de del la el los las du des d l le les y et und der die das fur por primary
    main principal principale haupt default preferred o or ou oder em e di da do dos della del il lo
    van voor het een per para
    """
)
_VALUE_WORDS = word_set("value wert valeur valor")
# Whose: they tell where a phone is, not what it is.
_WHOSE = word_set(
    """
    work business office home private personal direct contact person company corporate job
    organization organisation account mailing billing shipping other additional alternate
    alternative secondary second prospect
    geschaftlich privat dienstlich buro arbeit firma firmen kontakt zentrale weitere
    empresa trabajo oficina particular contacto casa otro otra directo secundario
    bureau travail entreprise societe professionnel professionnelle pro personnel personnelle
    domicile autre direct directe particulier bureaux
    ufficio lavoro casa azienda aziendale personale altro trabalho escritorio pessoal zakelijk werk
    prive thuis bedrijf
    """
)
_PHONE = word_set(
    """
    phone phones telephone tel telf tlf tfno tfn mobile mobil mobiltelefon mobilnummer mobiles
    cell cellphone cellular handy handynummer telefon telefonnummer rufnummer fon festnetz
    festnetznummer telefono telefonos movil celular fijo telephones portable gsm whatsapp
    telefonnr phonenumber mobilephone mobilephones homephone businessphone workphone landline
    cellulare cell telefonino telefone telefones telemovel telefoon telefoons telefoonnummer mobiel
    mobieltje mobielnummer gsmnummer telefonnummern mobiltelefonnummer
    """
)
_PHONE_TOO = word_set(
    "number numbers numero num nr no fixe line nummer dial direct fisso fixo vast vaste e lada"
)
_EMAIL = word_set(
    """
    mail mails email emails correo correos courriel mel emailadresse mailadresse emailaddress
    mailaddress messagerie posta correio emailadres mailadres
    """
)
_EMAIL_TOO = word_set(
    "e address adresse direccion electronico electronica electronique elettronica eletronico"
    " eletronica indirizzo endereco adres adressen"
)
_WEB = word_set(
    """
    web website websites www homepage url webseite internetseite webpage weburl websiteurl
    siteweb sitioweb paginaweb webadresse webaddress internet sitoweb
    """
)
_WEB_TOO = word_set("site page seite pagina sitio address adresse direccion sito indirizzo adres")
_LINKEDIN = word_set("linkedin linkedinurl linkedinprofile")
_LINKEDIN_TOO = word_set("url profile profil perfil link linked in page person public")

DO_NOT_CALL = (
    """
    donotcall dnc dontcall nocall donotcontact dncstatus optout optedout callopt phoneoptout
    nollamar nocontactar noquierellamadas neplusappeler nepasappeler nepascontacter nichtanrufen
    nichtkontaktieren anrufverbot werbesperre robinson listarobinson bloctel nonchiamare naoligar
    nietbellen smsoptout doorcallno
    """,
    "",
)
"""Phrases of columns that say whom not to call; of mails they say nothing."""

# Written without blanks, so that "Company Name", "company_name" and "COMPANYNAME" are one.
_PHRASES: Mapping[str, tuple[str, str]] = {
    "name": (
        """
        name fullname contactname personname clientname displayname nombre nombrecompleto
        nombreapellidos nombrecontacto nom nomcomplet nomprenom
        prenomnom nomcontact vollername vollstandigername vornachname
        vornamenachname namevorname ansprechpartner ansprechpartnerin kontaktperson
        personacontacto personcontact contactperson interlocuteur kontaktname leadname
        prospectname prospect nome nomecompleto nomecognome naam volledigenaam contatto contato
        contactpersoon referente
        """,
        "contact contacto kontakt person persona personne fileas",
    ),
    "first_name": (
        "firstname givenname forename prenom vorname nombrepila fname contactfirstname voornaam"
        " primeironome primonome nomebattesimo",
        "first given",
    ),
    "last_name": (
        """
        lastname surname familyname nachname familienname zuname apellido apellidos primerapellido
        nomfamille lname contactlastname cognome sobrenome achternaam apelido familienaam
        """,
        "last",
    ),
    "company": (
        """
        company companyname organization organisation organizationname organisationname
        account accountname businessname firm firma firmenname unternehmen unternehmensname
        betrieb empresa nombreempresa razonsocial compania sociedad entreprise societe nomsociete
        nomentreprise raisonsociale compagnie organizacion organizacionnombre etablissement
        employer currentcompany companyaccount associatedcompany firmaname namefirma
        azienda nomeazienda ragionesociale societa nomeempresa razaosocial bedrijf bedrijfsnaam
        organizzazione organizacao organisatie firmanavn ditta
        """,
        "enseigne negocio business organismo kunde kundenname customer cliente",
    ),
    "role": (
        """
        role jobtitle job position jobposition function funktion berufsbezeichnung
        jobbezeichnung stellenbezeichnung stelle cargo puesto puestotrabajo fonction poste
        intituleposte organizationtitle contacttitle currentposition jobrole stellung
        ruolo qualifica mansione funcao functie functietitel jobbeschreibung
        """,
        "title titel titre occupation beruf profesion profession metier headline titulo",
    ),
    "city": (
        """
        city town ort stadt wohnort ciudad poblacion localidad municipio ville commune localite
        locality addresscity billingcity mailingcity shippingcity homecity businesscity
        primarycity workcity othercity contactcity companycity cityname adresseville
        citta comune cidade localidade plaats woonplaats gemeente
        """,
        "location standort ubicacion",
    ),
    "country": (
        """
        country countryname countrycode countryregion land pais pays addresscountry billingcountry
        mailingcountry shippingcountry homecountry businesscountry countryregionname workcountry
        businesscountryregion homecountryregion companycountry landercode landkurzel codepays
        codigopais paisregion paysregion landregion regionland paese nazione paeseregione
        paisregiao landen nazionalita codicepaese
        """,
        "",
    ),
    "zone": (
        """
        timezone tz zeitzone zonahoraria husohorario fuseauhoraire fuseau utcoffset ianatimezone
        iana
        """,
        "zone zona",
    ),
    "tags": (
        """
        tags tag labels label etiquetas etiqueta etiquettes etiquette schlagworte schlagworter
        schlagwort stichworte stichworter categories categorias kategorien groupmembership
        """,
        "keywords motscles groups grupos groupes gruppen",
    ),
}
_BY_PHRASE: dict[str, Meaning] = {
    phrase: Meaning(field, weak)
    for field, (sure, perhaps) in _PHRASES.items()
    for phrases, weak in ((sure, False), (perhaps, True))
    for phrase in phrases.split()
}
_BY_WORDS = (
    ("linkedin", _LINKEDIN, _LINKEDIN_TOO),
    ("email", _EMAIL, _EMAIL_TOO),
    ("phone", _PHONE, _PHONE_TOO),
    ("web", _WEB, _WEB_TOO),
)
# The same word means something else in another language of the workspace.
_ELSEWHERE = {("firma", "es"), ("tag", "de"), ("cargo", "en"), ("poste", "es"), ("land", "en")}


def plain_words(header: str, empty: frozenset[str] = EMPTY_WORDS | _VALUE_WORDS) -> list[str]:
    """`words` without numbers and the ones that change nothing: articles, "value", "primary"."""
    return [word for word in words(header) if not word.isdigit() and word not in empty]


def meaning(header: str, language: str = "en") -> Meaning | None:
    """The meaning of a header by itself, None when it has none that is known."""
    left = plain_words(header)
    if not left:
        return None
    whole = "".join(left)
    found = _BY_PHRASE.get(whole)
    if found is None and len(left) > 1:
        # "Contact e-mail", "Empresa - Ciudad": whose it is does not change what it is.
        rest = "".join(word for word in left if word not in _WHOSE)
        found = _BY_PHRASE.get(rest)
    if found is not None:
        return Meaning(found.field, found.weak or (whole, language) in _ELSEWHERE)
    if whole == "linkedin":
        return Meaning("linkedin")
    for field, strong, too in _BY_WORDS:
        if any(word in strong for word in (*left, whole)) and (
            whole in strong or all(word in strong | too | _WHOSE for word in left)
        ):
            return Meaning(field)
    if (place := _place(left)) is not None:
        return Meaning(place)
    if "linked" in left and set(left) <= _LINKEDIN_TOO | _WHOSE:
        return Meaning("linkedin")
    return Meaning("web", weak=True) if left in (["site"], ["sitio"], ["domain"]) else None


_CITY = word_set("city town ort stadt ciudad poblacion localidad ville citta cidade plaats")
_COUNTRY = word_set("country pais pays land paese nazione")
_COUNTRY_TOO = word_set("region regiao regione code codigo kurzel iso name nombre nom nome naam")


def _place(left: Sequence[str]) -> str | None:
    """City or country, whoever's: "Ciudad de trabajo", "Pays/Région (bureau)"."""
    for field, strong, too in (
        ("city", _CITY, frozenset[str]()),
        ("country", _COUNTRY, _COUNTRY_TOO),
    ):
        if any(word in strong for word in left) and all(
            word in strong or word in too or word in _WHOSE for word in left
        ):
            return field
    return None


def do_not_call_columns(columns: Sequence[str]) -> list[int]:
    """The columns that say whom not to call."""
    known = frozenset(DO_NOT_CALL[0].split())
    return [
        n
        for n, column in enumerate(columns)
        if "".join(word for word in words(column) if word not in ("has", "is", "flag")) in known
    ]


def label_columns(columns: Sequence[str]) -> dict[int, int]:
    """The column with the label of each value, where they stand side by side: "Phone 1 - Label",
    "Phone 1 - Type" and "Phone 1 - Value"."""
    plain = [words(column) for column in columns]
    found = {}
    for index, column in enumerate(plain):
        base = [word for word in column if word not in _VALUE_WORDS]
        for label in (
            "label",
            "type",
            "typ",
            "tipo",
            "etiqueta",
            "libelle",
            "bezeichnung",
            "etichetta",
        ):
            beside = next((n for n, other in enumerate(plain) if other == [*base, label]), None)
            if beside is not None and beside != index:
                found[index] = beside
    return found


# --------------------------------------------------------------------------- the whole file

NAME_WORDS = frozenset({"name", "nom", "nombre", "nome", "naam"})
"""Headers of a whole name, and of the other half beside that of a first or last name."""
# Two of these beside a lone "Name" make it a list of companies.
_ABOUT_COMPANIES = word_set(
    """
    industry sic naics employees numberofemployees annualrevenue accountnumber ownership
    tickersymbol companysize branche mitarbeiter sector cif siret siren effectif empleados
    umsatz handelsregister
    """
)


def recognise(
    columns: Sequence[str], rows: Iterable[RawRow], language: str = "en"
) -> tuple[str | None, ...]:
    """The field (of `FIELDS`) of each column, None where a column stays a column of its own.

    ``rows`` is a sample (a few hundred are plenty); it decides what headers leave open and
    overrules a header that does not fit its content. ``language`` only decides words that mean
    different things in two languages.
    """
    rows = list(rows)
    content = sample_columns(len(columns), rows)
    meanings: list[Meaning | None] = [meaning(column, language) for column in columns]
    if not _name_is_whole(columns, meanings, rows):
        _settle_names(columns, meanings)
    fields = choose(columns, meanings, content, SEVERAL)
    _add_by_content(columns, fields, content)
    return tuple(fields)


def sample_columns(width: int, rows: Iterable[RawRow]) -> list[list[str]]:
    """The filled cells of each column of a sample."""
    content: list[list[str]] = [[] for _ in range(width)]
    for row in rows:
        if row.problem is None:
            for index, cell in enumerate(row.cells[:width]):
                if cell and not cell.isspace():
                    content[index].append(cell.strip())
    return content


def choose(
    columns: Sequence[str],
    meanings: Sequence[Meaning | None],
    content: Sequence[Sequence[str]],
    several: frozenset[str],
) -> list[str | None]:
    """One column for each field (any number for ``several``): sure before weak, full before
    empty, left before right; none whose content cannot be that field."""
    fields: list[str | None] = [None] * len(columns)
    order = sorted(
        range(len(columns)),
        key=lambda index: (
            getattr(meanings[index], "weak", True),
            not content[index],
            -len(content[index]) if getattr(meanings[index], "weak", True) else 0,
            index,
        ),
    )
    taken: set[str] = set()
    for index in order:
        found = meanings[index]
        if (
            found is None
            or found.field in taken
            or not values_of.may_be(found.field, content[index], not found.weak)
        ):
            continue
        fields[index] = found.field
        if found.field not in several:
            taken.add(found.field)
    return fields


def _name_is_whole(
    columns: Sequence[str], meanings: Sequence[Meaning | None], rows: Iterable[RawRow]
) -> bool:
    """Whether the column "Name" beside the one of first names holds both: "Ana" and "Ana Ruiz"."""
    fields = [found.field if found is not None else "" for found in meanings]
    if "first_name" not in fields or "name" not in fields:
        return False
    first, name = fields.index("first_name"), fields.index("name")
    both = whole = 0
    for row in rows:
        if row.problem is None and row.cells[first].strip() and row.cells[name].strip():
            both += 1
            whole += fold(row.cells[first]) in fold(row.cells[name])
    return whole > both / 2


def _settle_names(columns: Sequence[str], meanings: list[Meaning | None]) -> None:
    """ "Nom" beside "Prénom" is the last name, "Nombre" beside "Apellidos" the first one."""
    have = {found.field for found in meanings if found is not None}
    plain = ["".join(plain_words(column)) for column in columns]
    for index, word in enumerate(plain):
        if word not in NAME_WORDS:
            continue
        if "first_name" in have and "last_name" not in have:
            meanings[index] = Meaning("last_name")
            have.add("last_name")
        elif "last_name" in have and "first_name" not in have:
            meanings[index] = Meaning("first_name")
            have.add("first_name")
        elif not have & {"first_name", "last_name", "company"} and (
            len(_ABOUT_COMPANIES & set(plain)) >= 2
        ):
            meanings[index] = Meaning("company")
            have.add("company")


# A header with one of these is about something else, whatever the cells look like.
_SOMETHING_ELSE = word_set(
    """
    type typ tipo id ids fax telefax telecopie number numero nummer nr no num code codigo zip plz
    cp postal postcode postleitzahl date fecha datum day dia jour tag time birthday amount price
    betrag importe montant size visits ip opt out domain status owner manager assistant iban bic
    account vat nif cif dni ssn siret siren tax steuer ustid latitude longitude lat lng created
    modified updated by reference ref index count score revenue employees bounced state region
    pager sku hash uuid
    """
)

_BY_CONTENT: tuple[tuple[str, Callable[[str], bool], float], ...] = (
    ("email", values_of.is_email, 0.6),
    ("linkedin", values_of.is_linkedin, 0.6),
    ("web", values_of.is_web, 0.6),
    ("zone", values_of.is_zone, 0.9),
    ("phone", values_of.is_phone, 0.8),
)


def _add_by_content(
    columns: Sequence[str], fields: list[str | None], content: Sequence[Sequence[str]]
) -> None:
    nameless = [bool(re.fullmatch(r"Column \d+", column)) for column in columns]
    for index, column in enumerate(columns):
        if fields[index] is not None or not content[index]:
            continue
        if not nameless[index] and _SOMETHING_ELSE & set(words(column)):
            continue
        for field, is_one, share in _BY_CONTENT:
            if field in fields and field not in SEVERAL:
                continue
            if values_of.share(is_one, content[index]) >= share:
                fields[index] = field
                break
    # What only a file without a header leaves to guess.
    free = [index for index, bare in enumerate(nameless) if bare and fields[index] is None]
    guesses = (
        ("country", values_of.is_country, 0.95),
        ("company", values_of.is_company, 0.3),
        ("name", values_of.is_person, 0.8),
    )
    for field, is_one, share in guesses:
        if field in fields or not all(nameless):
            continue
        for index in free:
            if fields[index] is None and values_of.share(is_one, content[index]) >= share:
                fields[index] = field
                break
