"""What follows from the cells of a row when they are corrected: its numbers, its zone."""

from __future__ import annotations

from tui_crm.core.errors import CrmError
from tui_crm.core.lists import lists
from tui_crm.core.lists.countries import country_code
from tui_crm.core.lists.zones import zone_of
from tui_crm.core.store.columns import ProspectColumns
from tui_crm.core.store.journal import Write
from tui_crm.core.store.tables import ProspectKey
from tui_crm.core.text import _


def regions_of(country: str, home: str) -> tuple[str, ...]:
    """The countries as which the phones of a row are read: its own, which alone counts, or the
    workspace's where it names none that is known."""
    return ((country_code(country) if country else None) or home,)


def replace_keys(
    w: Write, prospect_id: int, kind: str, texts: list[str], country: str = ""
) -> None:
    """Read the phones or e-mails of a row anew; a number known to be bad stays so."""
    from tui_crm.core import emails, phones

    region = w.session.house.region
    wanted: list[tuple[str, str]] = []
    for text in texts:
        if kind == "phone":
            found = phones.read_as(text, regions_of(country, region)) if text else []
            wanted += [(p.typed, p.e164 or "") for p in found] or ([(text, "")] if text else [])
        else:
            wanted += [(e, phones.match_of(kind, e, region)) for e in emails.find(text)]
    old = w.store.rows(
        "SELECT id, value, match FROM prospect_keys WHERE prospect_id = ? AND kind = ?",
        (prospect_id, kind),
    )
    for number, value, match in old:
        if (value, match) not in wanted:
            w.delete(ProspectKey, number)
    known = {(value, match) for _n, value, match in old}
    for position, (value, match) in enumerate(wanted):
        if (value, match) not in known:
            known.add((value, match))
            w.insert(
                ProspectKey,
                prospect_id=prospect_id,
                kind=kind,
                value=value,
                match=match,
                position=position,
            )


def zone_after(
    w: Write, row: ProspectColumns, info: lists.ProspectListInfo, cells: list[str], typed: bool
) -> str:
    """The zone of an edited row: from its zone column (``typed``: what was typed as its zone), its
    country, its phones, its city. Raises CrmError for a typed zone that is none."""
    place = next((n for n, c in enumerate(info.columns) if c.field == "zone"), None)
    text = row["zone"] if typed else cells[place] if place is not None else ""
    numbers = w.store.rows(
        "SELECT match FROM prospect_keys WHERE prospect_id = ? AND kind = 'phone'"
        " AND match <> '' ORDER BY position, id",
        (row["id"],),
    )
    zone = zone_of(text, row["country"], [number for (number,) in numbers], row["city"])
    if typed and text and not zone:
        raise CrmError(
            _("{zone} is no time zone.").format(zone=text),
            _("Zones are named like Europe/Madrid."),
        )
    return zone
