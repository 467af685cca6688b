"""What other programs and people call the columns of leads: phrases, and how words begin."""

from __future__ import annotations

from collections.abc import Mapping

from tui_crm.core.exchange.columns.prospect_columns import DO_NOT_CALL

PHRASES: Mapping[str, tuple[str, str]] = {
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
        fechaproximaactividad next nextactionat nextactionon
        """,
        "nextcontact",
    ),
    "next_minutes": ("nextminutes", ""),
    "next_kind": ("nextkind", ""),
    "next_text": ("nexttext", ""),
    "description": (
        "description descripcion beschreibung leaddescription dealdescription descrizione descricao"
        " omschrijving opportunitydescription",
        "",
    ),
    "starred": (
        "starred star favorite favourite favorit favori favorito destacado isstarred isfavorite",
        "",
    ),
    "priority": ("priority prioridad prioritat priorite priorita prioridade prioriteit", ""),
    "currency": (
        "currency currencycode divisa moneda devise wahrung valuta moeda dealcurrency currencyiso"
        " currencyisocode leadcurrency codigodivisa",
        "",
    ),
    "is_closed": ("closed isclosed cerrado geschlossen abgeschlossen cerrada cloture", ""),
    "is_won": ("won iswon isclosedwon closedwon ganado ganada gewonnen gagne gagnee", ""),
    "is_lost": ("lost islost isclosedlost closedlost perdido perdida verloren perdu perdue", ""),
    "is_active": ("active isactive activo activa aktiv actif", ""),
    "do_not_call": DO_NOT_CALL,
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
"""Whole headers by field, written without blanks: sure ones, and weak ones."""

STEMS: tuple[tuple[str, str, str], ...] = (
    (
        "reason",
        "reason motiv razon raison motif grund causa reden",
        "lost loss lose perd perte verl ablehn absage won ganad why closed cierre annul cancel",
    ),
    ("probability", "prob wahrschein likel chance kans gewinnchanc", "win won gewinn close cierre"),
    ("pipeline", "pipeline embudo trichter funnel tunnel", "sales ventas verkauf vertrieb vente"),
    (
        "currency",
        "currenc divisa moneda devise wahrung valuta moeda",
        "iso code codigo value amount deal betrag importe",
    ),
    (
        "step",
        "stage etap fase phase stufe schritt tappa stadi",
        "sales ventas venta verkauf vertrieb vente vendita actual current aktuell",
    ),
    ("status", "status estatus estado statut etat stato situac", "actual current aktuell venta"),
    ("source", "source fuente origen origin quelle herkunft provenan fonte bron", "lead"),
    ("tags", "tag label etiquet schlagw stichw", ""),
    (
        "next",
        "next proxim prochain nachst siguient remind erinner wiedervorlag rappel relance recordat"
        " seguim volgend prossim",
        "action accion aktion activi actividad aktivitat step paso schritt etape task tarea tache"
        " aufgabe follow up call llamada contact kontakt contacto date fecha datum at on am el",
    ),
    (
        "owner",
        "owner propiet responsabl responsav asignad comercial vendedor proprietair commercial"
        " attribu assign besitzer inhaber zustandig verantwortlich bearbeiter eigentum verkaufer"
        " salesperson salesrep seller agent betreuer proprietari venditor eigenaar verkoper",
        "name nombre nom sales ventas user usuario to a al mitarbeiter email mail",
    ),
    (
        "created",
        "creat creac cread crea cree erstell angelegt anlage alta aangemaak criad criac",
        "date fecha datum data on at el am le time hora um el",
    ),
    (
        "closed",
        "clos cierre cierr cerrad clotur ferme geschloss abgeschloss abschluss schluss gewonnen"
        " won lost ganad perdid verlor chius fecham gesloten",
        "date fecha datum data on at el am le time hora real actual effectiv",
    ),
    (
        "amount",
        "amount value revenue betrag wert summe volum umsatz import valor mont cuanti ingres precio"
        " prix price budget fatturat bedrag waarde omzet ricav receita auftragswert angebotswert",
        "expected estimated total deal gross net netto brutto erwartet previst esperad prevu"
        " attendu estim geschatzt sales ventas verkauf chiffre verwacht attes",
    ),
    (
        "client",
        "compan client customer account organi kunde firm unternehm empres entrepris societ cuenta"
        " compte aziend bedrijf klant raison razon azienda",
        "name nombre nom nome naam folder carpeta dossier ordner social sociale name",
    ),
    (
        "contact",
        "contact kontakt ansprechpart interlocut",
        "name nombre nom nome naam person persona full primary haupt",
    ),
)
"""For what is not among the phrases: the field, how a word of the header begins, and how those
beside it do. "Fecha prevista de cierre", "Ingreso esperado", "Estatus del trato"."""
