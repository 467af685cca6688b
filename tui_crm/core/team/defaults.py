"""What a new workspace starts with; everything here can be changed in the app afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_crm.core.store.tables import Outcome, Pipeline, Reason, Step, TagCategory
from tui_crm.core.text import _

if TYPE_CHECKING:
    from tui_crm.core.store.database import Store

# The country where most people live who sell in a language; English tells no country.
REGION = {"es": "ES", "fr": "FR", "de": "DE"}
_CURRENCY = {
    "US": "USD",
    "GB": "GBP",
    "CH": "CHF",
    "CA": "CAD",
    "AU": "AUD",
    "MX": "MXN",
    "AR": "ARS",
    "CL": "CLP",
    "CO": "COP",
    "PE": "PEN",
    "BR": "BRL",
    "JP": "JPY",
    "IN": "INR",
    "SE": "SEK",
    "NO": "NOK",
    "DK": "DKK",
    "PL": "PLN",
    "CZ": "CZK",
    "HU": "HUF",
    "RO": "RON",
    "NZ": "NZD",
    "ZA": "ZAR",
    "TR": "TRY",
    "CN": "CNY",
    "SG": "SGD",
    "HK": "HKD",
    "KR": "KRW",
    "IL": "ILS",
    "AE": "AED",
    "MA": "MAD",
    "TN": "TND",
    "UY": "UYU",
}


def currency(region: str) -> str:
    """The ISO code of the money used in a region; the euro where nothing else is known."""
    return _CURRENCY.get(region, "EUR")


def _outcomes() -> list[dict[str, object]]:
    """PRODUCT's nine outcomes of a call, and those of the other kinds."""
    next_day = "next working day"
    call = [
        dict(
            digit=1,
            label=_("Interested"),
            lead_label=_("Reached"),
            reached=1,
            ends_row=1,
            asks="lead",
        ),
        dict(digit=2, label=_("Not interested"), reached=1, ends_row=1, asks="reason"),
        dict(digit=3, label=_("No answer"), retry="4h other half", most_tries=6),
        dict(digit=4, label=_("Voicemail"), retry=next_day),
        dict(digit=5, label=_("Busy"), retry="30m"),
        dict(digit=6, label=_("Wrong number"), ends_row=1, bad_number=1),
        dict(digit=7, label=_("Spoke to somebody else"), reached=1, retry=next_day),
        dict(
            digit=8,
            label=_("Send information"),
            reached=1,
            ends_row=1,
            asks="lead",
            next_kind="email",
        ),
        dict(digit=9, label=_("Do not call"), reached=1, ends_row=1, blocks=1),
    ]
    others = {
        "email": [(_("Sent"), 0, ""), (_("Answered"), 1, ""), (_("Bounced"), 0, "bounced")],
        "meeting": [(_("Held"), 1, ""), (_("Moved"), 0, "moved"), (_("No show"), 0, "")],
        "visit": [(_("Held"), 1, ""), (_("Nobody there"), 0, "")],
        "message": [(_("Sent"), 0, ""), (_("Answered"), 1, "")],
    }
    rows: list[dict[str, object]] = [dict(kind="call", **row) for row in call]
    for kind, labels in others.items():
        rows += [
            dict(kind=kind, digit=n, label=label, reached=reached, means=means, on_prospect=0)
            for n, (label, reached, means) in enumerate(labels, 1)
        ]
    return rows


def fill(store: Store) -> None:
    """Pipeline, outcomes, reasons and tag categories of a new workspace. One transaction with
    the first user; it is nobody's operation, so the journal does not hold it."""
    pipeline = Pipeline.insert(name=_("Sales"), position=1).execute()
    steps = ((_("Qualified"), 10), (_("Contacted"), 25), (_("Proposal"), 50), (_("Closing"), 80))
    for n, (name, probability) in enumerate(steps, 1):
        Step.insert(pipeline_id=pipeline, name=name, position=n, probability=probability).execute()
    for n, row in enumerate(_outcomes(), 1):
        Outcome.insert(position=n, **row).execute()
    reasons = {
        "lost": (
            _("Too expensive"),
            _("Chose another"),
            _("No budget"),
            _("No need"),
            _("Bad timing"),
            _("No answer any more"),
            _("Not a fit"),
        ),
        "cancelled": (_("Duplicate"), _("By mistake"), _("Not a lead"), _("Company closed")),
        "not_interested": (_("Has a supplier"), _("No need"), _("No budget"), _("Bad timing")),
    }
    for kind, labels in reasons.items():
        for n, label in enumerate(labels, 1):
            Reason.insert(kind=kind, digit=n, label=label, position=n).execute()
    for n, name in enumerate((_("Source"), _("Sector")), 1):
        TagCategory.insert(name=name, position=n).execute()
