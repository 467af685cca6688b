"""Columns are recognised by header in four languages, and by content where the header is mute."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.conftest import samples
from tui_crm.core.exchange.columns import lead_columns, prospect_columns
from tui_crm.core.exchange.readers.open import open_table
from tui_crm.core.exchange.readers.table import RawRow


def rows(*lines: Sequence[str]) -> list[RawRow]:
    return [RawRow(number, tuple(line)) for number, line in enumerate(lines, 2)]


def fields(*header: str, language: str = "en") -> list[str | None]:
    return list(prospect_columns.recognise(header, [], language))


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        (
            "name",
            "Name|Full Name|Nombre completo|Nombre y apellidos|Nom complet|Vor- und "
            "Nachname|Ansprechpartner|Contact Name|Contacto|Interlocuteur|Kontaktperson|full_name",
        ),
        (
            "first_name",
            "First Name|first_name|firstName|FIRSTNAME|Given Name|Vorname|Prénom|Nombre de "
            "pila|Forename",
        ),
        (
            "last_name",
            "Last Name|last_name|lastName|Surname|Family "
            "Name|Nachname|Familienname|Apellidos|Apellido|Nom de famille",
        ),
        (
            "company",
            "Company|Company Name|company_name|Firma|Firmenname|Unternehmen|Empresa|Nombre de la "
            "empresa|Razón social|Société|Entreprise|Raison sociale|Nom de "
            "l'entreprise|Organization 1 - Name|Account Name|Organisation",
        ),
        (
            "role",
            "Job Title|Title|Position|Cargo|Puesto|Fonction|Poste|Funktion|Organization 1 - "
            "Title|Rôle|job_title",
        ),
        (
            "phone",
            "Phone|phone1|Phone 2|Phone 1 - Value|Mobile Phone|mobile|Work Phone|Home "
            "phone|Téléphone|Tél.|Téléphone portable|Tél. fixe|Numéro de téléphone|Tel. "
            "móvil|Teléfono|Teléfono móvil|Móvil|Tfno.|Celular|Telefon|Telefonnummer|Handy|"
            "Mobilnummer|Rufnummer|Telefon geschäftlich|Tel.|Phone Number|Business Phone|"
            "Direct phone|MobilePhone|PHONE|Cell|Número de teléfono|Company phone|Telefon (privat)",
        ),
        (
            "email",
            "Email|E-mail|E-Mail-Adresse|eMail|E-mail 1 - Value|Email Address|Mail|Work "
            "email|Correo|Correo electrónico|Dirección de correo electrónico|Adresse "
            "e-mail|Courriel|Adresse mail|Contact email|email_1|EMAIL",
        ),
        (
            "web",
            "Web|Website|Web site|URL|Homepage|Webseite|Página web|Sitio web|Site web|Site "
            "internet|Company website|WEBSITE|website_url",
        ),
        (
            "linkedin",
            "LinkedIn|LinkedIn URL|Linkedin Profile|linkedin_url|Person Linkedin Url|Perfil de "
            "LinkedIn|Profil LinkedIn",
        ),
        (
            "city",
            "City|Town|Ort|Stadt|Ciudad|Población|Localidad|Ville|BILLINGCITY|Mailing "
            "City|Address 1 - City|Wohnort",
        ),
        (
            "country",
            "Country|Land|País|Pays|BillingCountry|Country/Region|Address 1 - Country|Country Code",
        ),
        ("zone", "Time zone|Timezone|Zeitzone|Zona horaria|Fuseau horaire|time_zone|TZ"),
        ("tags", "Tags|Labels|Etiquetas|Étiquettes|Schlagwörter|Group Membership|Categories"),
    ],
)
def test_headers(field: str, headers: str) -> None:
    for header in headers.split("|"):
        assert fields(header) == [field], header


@pytest.mark.parametrize(
    "header",
    [
        "Phone Type",
        "Phone 1 - Type",
        "E-mail 1 - Type",
        "Email opt out",
        "Account Number",
        "Fax",
        "Work Fax",
        "Telefax",
        "Zip",
        "Postal Code",
        "PLZ",
        "Código postal",
        "Company size",
        "Website visits",
        "Email bounced",
        "Email domain",
        "Company owner",
        "Lead owner",
        "State",
        "Phone extension",
        "Do not call",
        "Number of employees",
        "User Id",
        "Sex",
        "Date of birth",
        "Nickname",
        "Yomi Name",
        "Name Prefix",
        "Country rank",
        "Mailing Street",
        "Last contacted",
        "First seen",
        "Last modified",
        "Title case",
        "City tax",
        "Tag count",
        "Annual revenue",
        "Email sent date",
        "Phone verified",
        "Preferred language",
        "Company ID",
        "",
    ],
)
def test_headers_that_only_look_alike(header: str) -> None:
    assert fields(header) == [None]


def test_several_phones_and_emails_but_one_company() -> None:
    assert fields("Phone", "Mobile", "Email", "Email 2", "Company", "Firma") == [
        "phone",
        "phone",
        "email",
        "email",
        "company",
        None,
    ]


def test_names_settle_each_other() -> None:
    assert fields("Nom", "Prénom") == ["last_name", "first_name"]
    assert fields("Nombre", "Apellidos") == ["first_name", "last_name"]
    assert fields("Name", "Vorname") == ["last_name", "first_name"]
    assert fields("Nombre", "Empresa") == ["name", "company"]
    assert fields("Name", "First name", "Last name") == ["name", "first_name", "last_name"]
    assert fields("Name", "Industry", "Employees", "Phone") == ["company", None, None, "phone"]


def test_a_word_of_two_languages_is_settled_by_the_workspace() -> None:
    assert fields("Firma", "Negocio", language="es")[0] == "company"
    assert fields("Firma", "Empresa", language="es") == [None, "company"]


def test_content_gives_a_header_the_lie() -> None:
    header = ("Email", "Phone", "Title", "Zone", "Web")
    found = prospect_columns.recognise(
        header,
        rows(("yes", "no", "Mr", "North", "12"), ("no", "yes", "Mrs", "South", "40")),
    )
    assert found == (None,) * 5


def test_content_alone() -> None:
    found = prospect_columns.recognise(
        tuple(f"Column {n}" for n in range(1, 10)),
        rows(
            (
                "Ana Ruiz",
                "Acme S.L.",
                "ana@acme.example",
                "+34 600 000 001",
                "Europe/Madrid",
                "https://www.linkedin.com/in/ana",
                "www.acme.example",
                "ES",
                "28001",
            ),
            (
                "Jörg Groß",
                "Beta GmbH",
                "jg@beta.example",
                "0049 89 000 000",
                "Europe/Berlin",
                "linkedin.com/in/jg",
                "https://beta.example",
                "DE",
                "80331",
            ),
        ),
    )
    assert found == (
        "name",
        "company",
        "email",
        "phone",
        "zone",
        "linkedin",
        "web",
        "country",
        None,
    )


@pytest.mark.parametrize(
    "values",
    [
        ("1945-10-26", "1910-03-24"),
        ("28001", "08014"),
        ("12.400", "1.240.000"),
        ("192.168.10.21", "10.100.200.30"),
        ("31/12/2026", "01.02.2026"),
        ("732829320", "732829321"),
        ("40.416775", "48.856613"),
        ("6.1E8", "6.2E8"),
        ("12,400,000.50", "8,900,000.00"),
    ],
)
def test_numbers_that_are_no_phones(values: tuple[str, str]) -> None:
    assert prospect_columns.recognise(("Column 1",), rows(*[(value,) for value in values])) == (
        None,
    )


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        ("Zone", ("PST", "EST", "CST"), "zone"),
        ("Time zone", ("Eastern", "Central", "Pacific"), "zone"),
        ("Zone", ("Eastern Time", "Central Time", "PST"), "zone"),
        ("Zona", ("Centro", "Norte", "Levante"), None),
        ("Zone", ("Central", "West", "Eastern"), None),
        ("TZ", ("GMT+1", "UTC-5", "+02:00"), "zone"),
    ],
)
def test_a_zone_column_as_people_write_it(
    header: str, cells: tuple[str, ...], field: str | None
) -> None:
    assert prospect_columns.recognise((header,), rows(*[(cell,) for cell in cells])) == (field,)


def test_content_never_overrules_a_header_about_something_else() -> None:
    header = ("Fax", "Owner email", "SSN", "Account Number", "Extra", "Kontaktweg")
    row = (
        "+49 89 123456",
        "rep@us.example",
        "123-45-6789",
        "12-34567-89",
        "a@b.example",
        "+49 89 1234",
    )
    assert prospect_columns.recognise(header, rows(row, row)) == (
        None,
        None,
        None,
        None,
        "email",
        "phone",
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "briandunning-us-500.csv",
            {
                "first_name": "first_name",
                "last_name": "last_name",
                "company_name": "company",
                "city": "city",
                "phone1": "phone",
                "phone2": "phone",
                "email": "email",
                "web": "web",
            },
        ),
        (
            "datablist-people-100.csv",
            {
                "First Name": "first_name",
                "Last Name": "last_name",
                "Email": "email",
                "Phone": "phone",
                "Job Title": "role",
            },
        ),
        (
            "google-contacts.csv",
            {
                "Name": "name",
                "Given Name": "first_name",
                "Family Name": "last_name",
                "Group Membership": "tags",
                "E-mail 1 - Value": "email",
                "E-mail 2 - Value": "email",
                "Phone 1 - Value": "phone",
                "Phone 2 - Value": "phone",
                "Phone 3 - Value": "phone",
                "Address 1 - City": "city",
                "Address 1 - Country": "country",
                "Organization 1 - Name": "company",
                "Organization 1 - Title": "role",
            },
        ),
        (
            "salesforce-dataloader-accountData.csv",
            {
                "NAME": "company",
                "BILLINGCITY": "city",
                "BILLINGCOUNTRY": "country",
                "PHONE": "phone",
                "WEBSITE": "web",
            },
        ),
    ],
)
def test_real_files(name: str, expected: dict[str, str]) -> None:
    table = open_table(samples() / name)
    found = prospect_columns.recognise(table.columns, table.rows[:200])
    assert {c: f for c, f in zip(table.columns, found, strict=True) if f} == expected


def test_the_signature_remembers_a_header_whatever_its_order() -> None:
    key = prospect_columns.signature(["First Name", "E-Mail", "Teléfono"])
    assert key == prospect_columns.signature(["telefono", "first_name", "e mail"])
    assert key != prospect_columns.signature(["First Name", "E-Mail"])
    assert prospect_columns.signature(["ab", "c"]) != prospect_columns.signature(["a", "bc"])


# --------------------------------------------------------------------------- leads


def leads(header: str, *lines: Sequence[str]) -> dict[str, str]:
    names = tuple(header.split("|"))
    found = lead_columns.recognise(names, rows(*lines))
    return {name: field for name, field in zip(names, found, strict=True) if field}


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (  # HubSpot
            "Record ID|Deal Name|Deal Stage|Pipeline|Close Date|Create Date|Deal owner|Amount|"
            "Amount in company currency|Deal probability|Closed Lost Reason|Associated Company|"
            "Associated Contact|Deal Type|Last Activity Date|Next step|Original Source Type",
            {
                "Deal Name": "title",
                "Deal Stage": "step",
                "Pipeline": "pipeline",
                "Close Date": "closed",
                "Create Date": "created",
                "Deal owner": "owner",
                "Amount": "amount",
                "Amount in company currency": "company_amount",
                "Deal probability": "probability",
                "Closed Lost Reason": "reason",
                "Associated Company": "client",
                "Associated Contact": "contact",
                "Last Activity Date": "activity",
                "Next step": "next",
            },
        ),
        (  # Pipedrive
            "Deal - ID|Deal - Title|Deal - Value|Deal - Currency of Value|Deal - Weighted value|"
            "Deal - Stage|Deal - Status|Deal - Owner|Deal - Pipeline|Deal - Deal created|"
            "Deal - Expected close date|Deal - Won time|Deal - Lost time|Deal - Lost reason|"
            "Deal - Probability|Deal - Label|Deal - Next activity date|Organization - Name|"
            "Organization - Address|Person - Name|Person - Phone - Work|Person - Email - Work",
            {
                "Deal - Title": "title",
                "Deal - Value": "amount",
                "Deal - Currency of Value": "currency",
                "Deal - Stage": "step",
                "Deal - Status": "status",
                "Deal - Owner": "owner",
                "Deal - Pipeline": "pipeline",
                "Deal - Deal created": "created",
                "Deal - Expected close date": "expected_close",
                "Deal - Won time": "closed",
                "Deal - Lost time": "closed",
                "Deal - Lost reason": "reason",
                "Deal - Probability": "probability",
                "Deal - Label": "tags",
                "Deal - Next activity date": "next",
                "Organization - Name": "client",
                "Person - Name": "contact",
                "Person - Phone - Work": "phone",
                "Person - Email - Work": "email",
            },
        ),
        (  # Salesforce
            "Opportunity Owner|Account Name|Opportunity Name|Stage|Fiscal Period|Amount|"
            "Expected Revenue|Probability (%)|Age|Close Date|Created Date|Next Step|Lead "
            "Source|Type",
            {
                "Opportunity Owner": "owner",
                "Account Name": "client",
                "Opportunity Name": "title",
                "Stage": "step",
                "Amount": "amount",
                "Probability (%)": "probability",
                "Close Date": "closed",
                "Created Date": "created",
                "Next Step": "next",
                "Lead Source": "source",
            },
        ),
        (  # Zoho
            "Deal Owner|Deal Name|Account Name|Contact Name|Amount|Closing Date|Stage|"
            "Probability (%)|Expected Revenue|Lead Source|Reason For Loss|Created Time|Modified "
            "Time|Tag",
            {
                "Deal Owner": "owner",
                "Deal Name": "title",
                "Account Name": "client",
                "Contact Name": "contact",
                "Amount": "amount",
                "Closing Date": "closed",
                "Stage": "step",
                "Probability (%)": "probability",
                "Lead Source": "source",
                "Reason For Loss": "reason",
                "Created Time": "created",
                "Tag": "tags",
            },
        ),
        (  # noCRM
            "ID|Lead|Status|Step|Pipeline|Amount|Probability|Estimated closing date|Created at|"
            "Closed at|User|Client folder|Tags|Reminder date|Lost reason|Email|Phone",
            {
                "Lead": "title",
                "Status": "status",
                "Step": "step",
                "Pipeline": "pipeline",
                "Amount": "amount",
                "Probability": "probability",
                "Estimated closing date": "expected_close",
                "Created at": "created",
                "Closed at": "closed",
                "User": "owner",
                "Client folder": "client",
                "Tags": "tags",
                "Reminder date": "next",
                "Lost reason": "reason",
                "Email": "email",
                "Phone": "phone",
            },
        ),
        (
            "Título|Importe|Estado|Etapa|Embudo|Propietario|Fecha de creación|Fecha de cierre|"
            "Fecha prevista de cierre|Probabilidad|Motivo de pérdida|Etiquetas|Fuente|Cliente|"
            "Contacto|Cargo|Teléfono|Correo electrónico|Próxima acción",
            {
                "Título": "title",
                "Importe": "amount",
                "Estado": "status",
                "Etapa": "step",
                "Embudo": "pipeline",
                "Propietario": "owner",
                "Fecha de creación": "created",
                "Fecha de cierre": "closed",
                "Fecha prevista de cierre": "expected_close",
                "Probabilidad": "probability",
                "Motivo de pérdida": "reason",
                "Etiquetas": "tags",
                "Fuente": "source",
                "Cliente": "client",
                "Contacto": "contact",
                "Cargo": "role",
                "Teléfono": "phone",
                "Correo electrónico": "email",
                "Próxima acción": "next",
            },
        ),
        (
            "Titre|Montant|Statut|Étape|Responsable|Date de création|Date de clôture|"
            "Date de clôture prévue|Probabilité|Motif de perte|Source|Société|Contact|Fonction",
            {
                "Titre": "title",
                "Montant": "amount",
                "Statut": "status",
                "Étape": "step",
                "Responsable": "owner",
                "Date de création": "created",
                "Date de clôture": "closed",
                "Date de clôture prévue": "expected_close",
                "Probabilité": "probability",
                "Motif de perte": "reason",
                "Source": "source",
                "Société": "client",
                "Contact": "contact",
                "Fonction": "role",
            },
        ),
        (
            "Titel|Betrag (EUR)|Status|Phase|Zuständig|Erstellt am|Abschlussdatum|"
            "Voraussichtliches Abschlussdatum|Wahrscheinlichkeit|Verlustgrund|Quelle|Firma|"
            "Ansprechpartner|Telefon|Nächster Schritt",
            {
                "Titel": "title",
                "Betrag (EUR)": "amount",
                "Status": "status",
                "Phase": "step",
                "Zuständig": "owner",
                "Erstellt am": "created",
                "Abschlussdatum": "closed",
                "Voraussichtliches Abschlussdatum": "expected_close",
                "Wahrscheinlichkeit": "probability",
                "Verlustgrund": "reason",
                "Quelle": "source",
                "Firma": "client",
                "Ansprechpartner": "contact",
                "Telefon": "phone",
                "Nächster Schritt": "next",
            },
        ),
    ],
    ids=["hubspot", "pipedrive", "salesforce", "zoho", "nocrm", "es", "fr", "de"],
)
def test_exports_of_other_crms(header: str, expected: dict[str, str]) -> None:
    assert leads(header) == expected


def test_leads_without_a_title_column_take_the_name() -> None:
    assert leads("Name|Value|Owner") == {"Name": "title", "Value": "amount", "Owner": "owner"}
    assert leads("Deal name|Name|Total|Amount") == {"Deal name": "title", "Amount": "amount"}


def test_the_closing_day_of_an_export_with_two() -> None:
    assert leads("Deal|Close Date|Closed at") == {
        "Deal": "title",
        "Close Date": "expected_close",
        "Closed at": "closed",
    }


def test_content_gives_a_lead_header_the_lie() -> None:
    assert leads("Deal|Value|Created", ("A", "high", "by import"), ("B", "low", "by hand")) == {
        "Deal": "title"
    }
