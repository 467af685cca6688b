"""Which column of another CRM's export of leads, deals or opportunities means what.

Made from the headers that HubSpot, Pipedrive, Salesforce, Zoho and noCRM write, and from how
people name such columns in English, Spanish, French and German. Matching is that of
`tui_crm.core.exchange.columns.prospect_columns`: a header counts as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from tui_crm.core.exchange.columns import by_content as values_of, prospect_columns as prospects
from tui_crm.core.exchange.columns.by_content import word_set
from tui_crm.core.exchange.columns.prospect_columns import (
    Meaning,
    choose,
    plain_words,
    sample_columns,
)

if TYPE_CHECKING:
    from tui_crm.core.exchange.readers.table import RawRow

FIELDS = (
    "title",
    "amount",
    "status",
    "step",
    "pipeline",
    "owner",
    "created",
    "closed",
    "expected_close",
    "probability",
    "reason",
    "tags",
    "source",
    "client",
    "contact",
    "role",
    "phone",
    "email",
    "next",
    "activity",
)
"""The fields of a lead; ``activity`` is the day of the last one before the import."""

SEVERAL = frozenset({"phone", "email", "tags", "closed"})
"""The fields that several columns may fill, such as won on and lost on. Of ``closed`` the first
filled one counts, of the others all."""

ALIASES = {
    "company": "client",
    "stage": "step",
    "expected": "expected_close",
    "tag": "tags",
    "name": "title",
}
"""Other words for fields, as they may be typed."""

_PHRASES: Mapping[str, tuple[str, str]] = {
    "title": (
        """
        title leadtitle dealtitle dealname leadname opportunityname opportunity deal lead
        potentialname topic titulo nombrenegocio nombreoportunidad oportunidad nombretrato
        titre nomaffaire affaire nomtransaction opportunite nomopportunite titel dealbezeichnung
        bezeichnung verkaufschance geschaft opportunityname nombrelead nomlead intitule trato
        geschaftsname dealtitel transaction titreaffaire titulonegocio
        """,
        "name nombre nom subject betreff asunto objet negocio projekt projet proyecto project",
    ),
    "amount": (
        """
        amount value dealvalue dealamount dealsize betrag wert summe volumen auftragswert importe
        valor monto cuantia montant valeur opportunityamount leadamount valornegocio
        importenegocio montantaffaire montanttransaction auftragsvolumen dealwert leadvalue
        angebotswert
        """,
        """
        price total revenue umsatz preis precio prix cantidad estrevenue estimatedrevenue tcv acv
        estimatedvalue amountincompanycurrency budget
        """,
    ),
    "status": (
        """
        status dealstatus leadstatus opportunitystatus estado statut etat situacion estadonegocio
        estadolead statutaffaire dealstate
        """,
        "state result resultado resultat ergebnis",
    ),
    "step": (
        """
        step stage dealstage opportunitystage salesstage leadstage phase etapa fase etape stufe
        schritt verkaufsphase dealphase pipelinestage pipelinestep etapanegocio fasenegocio
        etapatransaction phasetransaction etapeaffaire etapetransaction stagename leadstep
        vertriebsphase faseventa etapaventa
        """,
        "",
    ),
    "pipeline": (
        """
        pipeline dealpipeline salespipeline pipelinename funnel embudo trichter verkaufspipeline
        vertriebspipeline embudoventas tunnel tunnelvente pipelineventas processus leadpipeline
        salesprocess
        """,
        "",
    ),
    "owner": (
        """
        owner dealowner leadowner opportunityowner ownername assignedto assigned assignee salesrep
        rep salesperson salesowner accountexecutive propietario propietarionegocio responsable
        asignadoa comercial vendedor proprietaire proprietairetransaction commercial attribuea
        assignea vendeur besitzer inhaber dealinhaber zustandig zustandiger zustandigermitarbeiter
        verantwortlich verantwortlicher bearbeiter vertriebsmitarbeiter eigentumer verkaufer
        opportunityownername responsible agente betreuer
        """,
        "user usuario utilisateur benutzer owneralias accountmanager username",
    ),
    "created": (
        """
        created createdate createddate createdat createdon createdtime creationdate datecreated
        dealcreated dealcreatedon adddate addtime createtime fechacreacion creado creadoel
        fechaalta datecreation creele cree erstelldatum erstellt erstelltam anlagedatum angelegtam
        angelegt erstellungsdatum creacion creation opened openeddate datecree fechacreado
        leadcreated entrydate
        """,
        "",
    ),
    "closed": (
        """
        closed closeddate closedat closedon closedtime dealclosedon wontime losttime wondate
        lostdate wonon loston wonat lostat datewon datelost dateclosed actualclosedate actualclose
        cerrado cerradoel fechaganado fechaperdido cloturele fermele geschlossen geschlossenam
        abgeschlossenam gewonnenam verlorenam fechaganada datefermeture abgeschlossen closuredate
        """,
        """
        closedate closingdate close fechacierre datecloture cloture abschlussdatum schlussdatum
        abschluss cierre
        """,
    ),
    "expected_close": (
        """
        forecastdate forecastclosedate targetclosedate targetdate dateprevue fechaprevista
        """,
        "",
    ),
    "probability": (
        """
        probability winprobability dealprobability prob likelihood winlikelihood probabilidad
        probabilite wahrscheinlichkeit abschlusswahrscheinlichkeit probabilidadexito
        probabilidadcierre probabilitecloture gewinnwahrscheinlichkeit confidence chance
        opportunityprobability leadprobability
        """,
        "",
    ),
    "reason": (
        """
        reason lostreason closedlostreason lossreason reasonforloss winlossreason motivo
        motivoperdida razonperdida razon motif raisonperte motifperte raison grund verlustgrund
        ablehnungsgrund grundverlust absagegrund reasonlost whylost cancelreason razoncierreperdido
        closereason
        """,
        "",
    ),
    "tags": (
        """
        tags tag labels label etiquetas etiqueta etiquettes etiquette schlagworte schlagworter
        stichworte stichworter dealtags dealtag deallabel leadlabels leadtags
        """,
        "categories categorias kategorien",
    ),
    "source": (
        """
        source leadsource dealsource originalsource sourcechannel origin fuente origen origine
        provenance quelle leadquelle herkunft fuenteoriginal originaltrafficsource sourceorigin
        fuenteprospecto
        """,
        "channel canal kanal",
    ),
    "client": (
        """
        client clientname clientfolder company companyname customer customername account
        accountname organization organizationname organisation organisationname associatedcompany
        cliente nombrecliente kunde kundenname kundenkonto firma firmenname unternehmen empresa
        nombreempresa entreprise societe nomsociete nomentreprise nomclient compte nomcompte
        cuenta nombrecuenta carpetacliente dossierclient primaryassociatedcompany
        associatedcompanies razonsocial raisonsociale organizacion unternehmensname
        """,
        "",
    ),
    "contact": (
        """
        contact contactname contactperson primarycontact primarycontactname associatedcontact
        associatedcontacts personname person contacto nombrecontacto personacontacto
        ansprechpartner kontakt kontaktperson kontaktname interlocuteur nomcontact contactfullname
        """,
        "fullname nombrecompleto nomcomplet",
    ),
    "next": (
        """
        nextstep nextaction nextactivity nextactivitydate nextactivityon nexttask nexttaskdate
        reminder reminderdate remindat nextactiondate nextfollowup followup followupdate
        proximaaccion proximopaso siguientepaso proximaactividad recordatorio fecharecordatorio
        prochaineaction prochaineetape prochaineactivite rappel relance daterelance daterappel
        nachsteaktion nachsterschritt nachsteaktivitat wiedervorlage erinnerung nextcontactdate
        fechaproximaactividad
        """,
        "nextcontact",
    ),
    "activity": (
        """
        lastactivity lastactivitydate lastactivityon lastactivitytime lastaction lastactiondate
        lastcontacted lastcontacteddate lastcontact lastcontactdate lasttouched lasttouch
        ultimaactividad fechaultimaactividad ultimocontacto fechaultimocontacto ultimaaccion
        derniereactivite datederniereactivite derniercontact datederniercontact derniereaction
        letzteaktivitat datumletzteaktivitat letzterkontakt letzteaktion
        """,
        "",
    ),
}
_BY_PHRASE: dict[str, Meaning] = {
    phrase: Meaning(field, weak)
    for field, (sure, perhaps) in _PHRASES.items()
    for phrases, weak in ((sure, False), (perhaps, True))
    for phrase in phrases.split()
}
# Exports put the kind of record before each column: "Deal - Title", "Opportunity Owner".
_RECORDS = word_set(
    "deal lead opportunity potential opportunite oportunidad affaire negocio geschaft"
)
_CURRENCIES = word_set("eur usd gbp chf euro euros dollar dollars mxn cad aud brl pln")
# Of a deal, "value" is the amount; of a contact's phone it says nothing.
_EMPTY = prospects.EMPTY_WORDS | _CURRENCIES
_EXPECTED = (
    "expected",
    "estimated",
    "est",
    "forecast",
    "forecasted",
    "projected",
    "planned",
    "target",
    "previst",
    "estimad",
    "esperad",
    "prevu",
    "estime",
    "erwartet",
    "voraussichtlich",
    "geplant",
)
_CLOSING = (
    "clos",
    "cierre",
    "clotur",
    "fermeture",
    "abschluss",
    "schlussdatum",
    "signatur",
    "firma",
)
_DATE_WORDS = word_set("date fecha datum")


def meaning(header: str, language: str = "en") -> Meaning | None:
    """The meaning of a header of an export of leads by itself, None when it has none known."""
    left = plain_words(header, _EMPTY)
    if not left:
        return None
    if any(word.startswith(_EXPECTED) for word in left) and any(
        word.startswith(_CLOSING) for word in left
    ):
        return Meaning("expected_close")
    found = _BY_PHRASE.get("".join(left))
    if found is not None:
        return found
    rest = [word for word in left if word not in _RECORDS]
    if rest and len(rest) < len(left):
        found = _BY_PHRASE.get("".join(rest))
        if found is not None:
            return found._replace(weak=found.weak and found.field != "title")
    other = prospects.meaning(header, language)
    if other is not None and other.field in ("role", "phone", "email"):
        return other
    return None


def recognise(
    columns: Sequence[str], rows: Iterable[RawRow], language: str = "en"
) -> tuple[str | None, ...]:
    """The field (of `FIELDS`) of each column, None where a column becomes a field of its label.

    A "Close Date", which HubSpot and Salesforce fill for open deals too, is ``closed``: of an
    open lead it is the expected day. ``rows`` is a sample, as in `columns.recognise`.
    """
    content = sample_columns(len(columns), rows)
    meanings = [meaning(column, language) for column in columns]
    # Won on, lost on and closed on may be side by side; a mere "close date" only alone.
    if any(found == Meaning("closed") for found in meanings):
        again = Meaning("expected_close", weak=True)
        meanings = [again if found == Meaning("closed", True) else found for found in meanings]
    for index, found in enumerate(meanings):
        if found is not None and not _may_be(found.field, content[index]):
            meanings[index] = None
    fields = choose(columns, meanings, content, SEVERAL)
    _next_prefers_a_day(columns, fields, meanings)
    return tuple(fields)


def _next_prefers_a_day(
    columns: Sequence[str], fields: list[str | None], meanings: Sequence[Meaning | None]
) -> None:
    """Of "Next step" and "Next activity date" the one with the day is the next action."""
    dated = [
        index
        for index, found in enumerate(meanings)
        if found is not None
        and found.field == "next"
        and _DATE_WORDS & set(plain_words(columns[index]))
    ]
    if dated and "next" in fields:
        fields[fields.index("next")] = None
        fields[dated[0]] = "next"


def _may_be(field: str, content: Sequence[str]) -> bool:
    if not content:
        return True
    if field == "amount":
        return any(any(sign.isdigit() for sign in text) for text in content)
    if field in ("created", "closed", "expected_close", "activity"):
        return any(sum(sign.isdigit() for sign in text) >= 3 for text in content)
    if field in ("status", "step", "owner", "client", "contact"):
        return values_of.share(values_of.is_date, content) < 0.5
    return True
