"""Messages: what is filled in, the text of the editor and back, and the mailto link."""

from __future__ import annotations

from email.utils import formataddr
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given, strategies as st

from tui_crm.core.errors import CrmError, NotFound
from tui_crm.core.leads import leads, letters, views
from tui_crm.core.mail import Mail, fill
from tui_crm.core.setup import templates
from tui_crm.core.text import clean

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(words, words, words)
def test_a_link_gives_back_the_message_and_holds_only_plain_signs(to, subject, body):
    """The reader is the standard library's, which knows nothing of ours."""
    to, subject, body = clean(to, single_line=True), clean(subject, single_line=True), clean(body)
    link = Mail(to, "", subject, body).link()
    assert link.isascii() and not set(link) & set(" \"<>\\^`{}|\r\n+'()")
    found = urlsplit(link)
    assert found.scheme == "mailto" and not found.fragment
    assert unquote(found.path) == to
    read = parse_qs(found.query, keep_blank_values=True)
    assert read.get("subject", [""]) == [subject]
    assert read.get("body", [""]) == [body.replace("\n", "\r\n")]


@given(words, words)
def test_the_text_of_the_editor_is_the_message_again(subject, body):
    subject, body = " ".join(clean(subject, single_line=True).split()), clean(body).strip("\n")
    mail = Mail("anna@acme.example", "Anna Weber", subject, body)
    assert mail.edited(mail.text) == mail
    assert mail.recipient == formataddr(("Anna Weber", "anna@acme.example"))


def test_a_placeholder_is_filled_in_once_and_what_is_missing_is_named():
    known = {"first name": "{company}", "company": "Acme", "role": "", "Sector": "Food"}
    filled = fill("{First_Name} {COMPANY} {sector} {role} {foo} {}", known)
    assert filled.text == "{company} Acme Food {role} {foo} {}"
    assert filled.empty == ("role",) and filled.unknown == ("foo",)


def test_the_language_of_the_lead_or_its_client_chooses(session):
    for name, subject, language in (
        ("Offer", "Your offer", "en"),
        ("Offer", "Su oferta", "español"),
        ("Visita", "Su visita", ""),
    ):
        templates.add(session, name, subject, language=language)
    lead = leads.create(session, "Relaunch", company="Acme")

    def first():
        row = views.one(session, lead)
        known = templates.offered(session.store, letters.language(session, row))
        return [one.label for one in known]

    assert session.house.language == "es" and first() == ["Offer (es)", "Visita (es)"]
    leads.set_description(session, lead, "Language: Englisch")
    assert first() == ["Offer (en)", "Visita (es)"]
    assert templates.find(session.store, "offer", "es").subject == "Su oferta"
    with pytest.raises(NotFound):
        templates.find(session.store, "offer", "fr")
    with pytest.raises(CrmError):
        templates.add(session, "OFFER", "again")
