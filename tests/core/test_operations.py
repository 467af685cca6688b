"""One test over all operations there are: each is atomic, leaves one journal entry, and undo
gives back the exact rows; redo the exact result.

Every operation in the registry must have an example in `EXAMPLES`, so that a new one is covered
the day it is added.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.core.lists.prospects import fill, ids, row
from tests.core.whole import entries, snapshot
from tests.proxy import Proxy
from tui_crm.core import saved_views
from tui_crm.core.calling import (
    list_rules,
    operations as calling,
    outcome_rules,
    position,
    workspace,
)
from tui_crm.core.dates import reader
from tui_crm.core.dates.reading import Reading
from tui_crm.core.errors import StoreBusy
from tui_crm.core.exchange.as_text import leads as text_leads, prospects as text_prospects
from tui_crm.core.exchange.costs import CostImport
from tui_crm.core.exchange.do_not_call import DoNotCallImport
from tui_crm.core.exchange.importing import preview, run_import
from tui_crm.core.exchange.leads.importer import LeadImport
from tui_crm.core.exchange.prospects.importer import ProspectImport
from tui_crm.core.exchange.prospects.update import ListUpdate
from tui_crm.core.leads import (
    actions,
    appointments,
    attachments,
    clients,
    closing,
    contacts,
    leads,
    merge as lead_merge,
    next_actions,
    note_line,
    pairs,
    people,
)
from tui_crm.core.lists import edits as list_edits, lists, merge as list_merge
from tui_crm.core.privacy import do_not_call
from tui_crm.core.session import Session, find_member
from tui_crm.core.setup import costs, fields, kinds, pipelines, tags, templates
from tui_crm.core.store import blobs, journal, open_store, undo
from tui_crm.core.team import days_off, goals, members
from tui_crm.core.team.sign_in import sign_in

Example = Callable[[Session, "World"], Any]


class World:
    """A small store in which every operation has something to act on."""

    def __init__(self, session: Session, clock: Any, folder: Path) -> None:
        self.session = session
        self._folder = folder
        now = session.now
        members.add_user(session, "ben")
        self.ben = find_member(session.store, "ben").id
        clock.go(days=-30)
        self.lead = leads.create(
            session,
            "Acme GmbH: website",
            amount=1_240_000,
            company="Acme GmbH",
            contact="Anna Weber",
            points=[("phone", "+49 30 901820 44"), ("email", "a@acme.example")],
            tag_names=["hot"],
            following=reader.read("every 2w call Anna", now),
            description="Employees: 85",
        )
        self.other = leads.create(
            session,
            "ACME: second",
            points=[("phone", "+49 30 901820 45")],
            contact="Jo",
            amount=5,
            tag_names=["cold"],
        )
        self.twin = leads.create(
            session,
            "Twin: fair",
            company="Twin AG",
            contact="Anna Weber",
            points=[("email", "a@acme.example"), ("phone", "+49 30 901820 47")],
        )
        self.closed = leads.create(session, "Closed one", amount=100)
        clock.go(days=30)
        closing.won(session, self.closed)
        actions.log(session, self.lead, "call", outcome=3, text="no answer")
        store = session.store
        self.action = store.value("SELECT MAX(id) FROM actions")
        self.person = store.value("SELECT MIN(id) FROM contacts")
        self.cost = costs.add(session, 50_000, "2026-10", source="Fair")
        fields.add(session, "Employees", "number")
        fields.add(session, "Region")
        fields.retire(session, "Region")
        self.client = store.value("SELECT MIN(id) FROM clients")
        self.client_note = clients.note(session, self.client, "likes fairs")
        self.goal = goals.put(session, "calls", "day", 50)
        self.appointment = appointments.add(session, reader.read("every mon 9 1h team", now))
        self.view = saved_views.save(session, "leads", "hot ones", "tag:hot")
        self.list = fill(
            session,
            [
                row(2, "Katrin Vogel", "Müller Metallbau", "+497513661208", "k@mueller.example"),
                row(3, "Luc Rousseau", "Atelier Rousseau", "+33199001122", machines="3"),
                row(4, "Blocked One", "Blocked", "+442079460999"),
            ],
        )
        self.row, self.second, self.blocked = ids(session, self.list)
        fill(session, [row(2, "Katrin again", "Müller", "+497513661208")], "Other fair")
        do_not_call.block(session, "+44 20 7946 0999", "never again")
        kinds.add(session, "fax")
        kinds.retire(session, "fax")
        templates.add(session, "Offer", "Your offer", "Dear {first name}", "en")
        templates.add(session, "Old", "Old one")
        self.content = blobs.keep(session.store, b"an offer")
        self.attachment = attachments.attach(session, self.lead, str(self.file("a note")))
        templates.retire(session, "Old")
        outcome_rules.add(session, "call", "Pigeon")
        outcome_rules.retire(session, "call", "Pigeon")
        self.retired_reason = "Wrong market"
        closing.add_reason(session, "lost", self.retired_reason)
        closing.retire_reason(session, "lost", self.retired_reason)
        self.retired_step = "Old step"
        pipelines.add_step(session, self.retired_step)
        pipelines.retire_step(session, self.retired_step)
        self.team = "South"
        members.edit_user(session, "ben", team=self.team)
        goals.put(session, "leads", "week", 5, group=self.team)

    def file(self, text: str) -> Path:
        """A file with this text."""
        path = self._folder / "import.csv"
        path.write_text(text, encoding="utf-8")
        return path


PROSPECTS = "Name,Company,Phone,Size\n" + "".join(
    f"Person {n},Firm {n},+34 600 100 {n:03d},{n}\n" for n in range(600)
)
# Of the first list: another phone, another cell, a column and a row that are new.
UPDATED = """Contact,Firma,Telefon,Mail,Maschinen,Region
Katrin Vogel,Müller Metallbau,+49 751 366 1209,k@mueller.example,7,BW
Luc Rousseau,Atelier Rousseau,+33 1 99 00 11 22,,4,
Nora New,New GmbH,+49 30 901820 99,,1,BE
"""
LEADS = """Deal name,Amount,Stage,Status,Owner,Create date,Close date,Company,Email
One,1000,Proposal,open,ana,2026-01-05,,First GmbH,one@first.example
Two,2000,Closed Won,won,zoe,2026-02-05,2026-03-01,Second,two@second.example
Three,,Trial,lost,zoe,2026-02-06,2026-04-01,Third,
"""
COSTS = "source;period;amount\nFair;2026-11;1200,50\nWeb;2026-q4;900\n"
BLOCKED = "Who,Why\n+49 751 366 1208,no\nx@y.example,\n"


def _reading(w: World, text: str) -> Reading:
    return reader.read(text, w.session.now)


def _other_list(w: World) -> int:
    """A list made before the act: one row of it is in the first list too."""
    return int(w.session.store.value("SELECT id FROM lists WHERE name = 'Other fair'"))


# name of the operation -> what to do; `s` is the session, `w` the world.
EXAMPLES: dict[str, Example] = {
    "team.add_user": lambda s, w: members.add_user(s, "carl", team="North"),
    "team.add_team": lambda s, w: members.add_team(s, "East"),
    "team.edit_team": lambda s, w: members.edit_team(s, w.team, "West"),
    "team.retire_team": lambda s, w: members.retire_team(s, w.team),
    "team.edit_user": lambda s, w: members.edit_user(s, "ben", role="manager", active=False),
    "team.set_workspace": lambda s, w: workspace.set_workspace(s, zone="Europe/Paris"),
    "leads.create": lambda s, w: leads.create(
        s,
        "New: one",
        amount=99,
        company="New",
        contact="Eve",
        tag_names=["x"],
        points=[("email", "e@new.example")],
        following=_reading(w, "tomorrow 9 call"),
    ),
    "leads.set_title": lambda s, w: leads.set_title(s, w.lead, "Acme: other"),
    "leads.set_description": lambda s, w: leads.set_description(s, w.lead, "Site: none"),
    "leads.set_amount": lambda s, w: leads.set_amount(s, w.lead, 7),
    "leads.set_probability": lambda s, w: leads.set_probability(s, w.lead, 70),
    "leads.set_expected_close": lambda s, w: leads.set_expected_close(s, w.lead, s.today),
    "leads.set_direction": lambda s, w: leads.set_direction(s, w.lead, "inbound"),
    "leads.set_priority": lambda s, w: leads.set_priority(s, w.lead, "high"),
    "leads.set_source": lambda s, w: leads.set_source(s, w.lead, "fair"),
    "leads.set_client": lambda s, w: leads.set_client(s, w.lead, "Brand new client"),
    "leads.set_step": lambda s, w: leads.set_step(s, w.lead, 3),
    "leads.move_step": lambda s, w: leads.move_step(s, w.lead, 2),
    "leads.set_owner": lambda s, w: leads.set_owner(s, w.lead, w.ben),
    "leads.star": lambda s, w: leads.star(s, w.lead),
    "leads.edit_text": lambda s, w: text_leads.edit_text(
        s,
        [
            text_leads.Edit(w.lead, "Amount", "15k", 3),
            text_leads.Edit(w.lead, "Next", "2027-01-04 9:30 call Eve", 4),
            text_leads.Edit(w.lead, "Tags", "cold, Very Hot", 5),
            text_leads.Edit(w.other, "Title", "ACME: third", 9),
            text_leads.Edit(w.other, "Person 1", "Bo Berg, bo@acme.example", 10),
        ],
    ),
    "duplicates.not_same": lambda s, w: pairs.not_same(s, "leads", w.other, w.lead),
    "people.merge": lambda s, w: lead_merge.merge_people(
        s, w.person, int(s.store.value("SELECT id FROM contacts WHERE lead_id = ?", (w.twin,)))
    ),
    "clients.merge": lambda s, w: lead_merge.merge_clients(
        s, int(s.store.value("SELECT client_id FROM leads WHERE id = ?", (w.twin,))), w.client
    ),
    "leads.merge": lambda s, w: lead_merge.merge(s, w.lead, w.other),
    "closing.won": lambda s, w: closing.won(s, w.lead, amount=5),
    "closing.lost": lambda s, w: closing.lost(s, w.lead, 1),
    "closing.cancelled": lambda s, w: closing.cancelled(s, w.lead, "Duplicate"),
    "closing.reopen": lambda s, w: closing.reopen(s, w.closed),
    "closing.set_closed_on": lambda s, w: closing.set_closed_on(
        s, w.closed, s.today - timedelta(days=3)
    ),
    "closing.set_created_on": lambda s, w: closing.set_created_on(
        s, w.lead, s.today - timedelta(days=90)
    ),
    "closing.add_reason": lambda s, w: closing.add_reason(s, "lost", "Moved away"),
    "closing.edit_reason": lambda s, w: closing.edit_reason(
        s, "lost", "1", new_label="Price", digit=3
    ),
    "closing.bring_back_reason": lambda s, w: closing.bring_back_reason(
        s, "lost", w.retired_reason
    ),
    "closing.retire_reason": lambda s, w: closing.retire_reason(s, "lost", "1"),
    "agenda.set_next": lambda s, w: next_actions.set_next(
        s, w.lead, _reading(w, "fri 9:30 20m call")
    ),
    "agenda.do_now": lambda s, w: next_actions.do_now(s, w.lead),
    "agenda.clear_next": lambda s, w: next_actions.clear_next(s, w.lead),
    "agenda.add_appointment": lambda s, w: appointments.add(s, _reading(w, "mon 14 1h dentist")),
    "agenda.change_appointment": lambda s, w: appointments.change(
        s, w.appointment, _reading(w, "tue 16:30"), turn=s.today + timedelta(days=7)
    ),
    "agenda.remove_appointment": lambda s, w: appointments.remove(s, w.appointment),
    "actions.log": lambda s, w: actions.log(
        s,
        w.lead,
        "call",
        outcome=9,
        line=note_line.read("never again >fri 9 send #angry €5", s.now),
    ),
    "actions.edit": lambda s, w: actions.edit(
        s,
        w.action,
        "they were there after all",
        kind="visit",
        outcome="held",
        at=s.now - timedelta(hours=3),
        seconds=600,
    ),
    "actions.pin": lambda s, w: actions.pin(s, w.action, True),
    "actions.remove": lambda s, w: actions.remove(s, w.action),
    "people.add": lambda s, w: people.add(s, w.lead, "Jörg, IT, +49 171 5550148"),
    "people.edit": lambda s, w: contacts.edit(s, w.person, "Anna, boss, anna@acme.example"),
    "people.remove": lambda s, w: people.remove(s, w.person),
    "fields.add": lambda s, w: fields.add(s, "Budget", "money"),
    "fields.edit": lambda s, w: fields.edit(s, "Employees", new_name="Staff", place=2),
    "fields.retire": lambda s, w: fields.retire(s, "Employees"),
    "fields.bring_back": lambda s, w: fields.bring_back(s, "Region"),
    "clients.rename": lambda s, w: clients.rename(s, w.client, "Acme SE"),
    "clients.set_description": lambda s, w: clients.set_description(s, w.client, "Sector: Food"),
    "clients.set_owner": lambda s, w: clients.set_owner(s, w.client, w.ben),
    "clients.set_silence": lambda s, w: clients.set_silence(s, w.client, 30),
    "clients.note": lambda s, w: clients.note(s, w.client, "pays late"),
    "clients.edit_note": lambda s, w: clients.edit_note(s, w.client_note, "pays well"),
    "clients.add_person": lambda s, w: clients.add_person(s, w.client, "Eve, IT, eve@acme.example"),
    "tags.change": lambda s, w: tags.change(s, w.lead, "new -hot"),
    "kinds.add": lambda s, w: kinds.add(s, "Demo", "d"),
    "kinds.edit": lambda s, w: kinds.edit(s, "call", letter="k", touch=False),
    "kinds.retire": lambda s, w: kinds.retire(s, "visit"),
    "kinds.bring_back": lambda s, w: kinds.bring_back(s, "fax"),
    "templates.add": lambda s, w: templates.add(s, "Offer", "Su oferta", "Hola", "español"),
    "templates.edit": lambda s, w: templates.edit(s, "offer", rename="Quote", body="Hello"),
    "templates.retire": lambda s, w: templates.retire(s, "Offer (en)"),
    "templates.bring_back": lambda s, w: templates.bring_back(s, "Old"),
    "attachments.add": lambda s, w: attachments.add(
        s, w.lead, w.content, name="offer.pdf", size=8, kind="quotation", amount=5
    ),
    "attachments.edit": lambda s, w: attachments.edit(s, w.attachment, kind="invoice", amount=7),
    "attachments.remove": lambda s, w: attachments.remove(s, w.attachment),
    "tags.add": lambda s, w: tags.add(s, "Industry", "Sector"),
    "tags.edit": lambda s, w: tags.edit(s, "hot", "warm", "Source"),
    "tags.retire": lambda s, w: tags.retire(s, "hot"),
    "tags.set_category": lambda s, w: tags.set_category(s, "Sector", True),
    "costs.add": lambda s, w: costs.add(s, 90_000, "2026-q4", source="Fair"),
    "costs.bring": lambda s, w: run_import(s, preview(s, CostImport(), w.file(COSTS))),
    "costs.retire": lambda s, w: costs.retire(s, w.cost),
    "goals.put": lambda s, w: goals.put(s, "calls", "day", 60),
    "goals.retire": lambda s, w: goals.retire(s, w.goal),
    "days_off.change": lambda s, w: days_off.change(
        s, add=["2026-12-24..2027-01-06", "05-01"], user="ana"
    ),
    "pipelines.add": lambda s, w: pipelines.add(s, "Partners"),
    "pipelines.rename": lambda s, w: pipelines.rename(s, "Sales", "New business"),
    "pipelines.bring_back": lambda s, w: pipelines.bring_back(s, "Sales", w.retired_step),
    "pipelines.add_step": lambda s, w: pipelines.add_step(s, "Trial", 60),
    "pipelines.edit_step": lambda s, w: pipelines.edit_step(
        s, "Proposal", new_name="Offer", probability=55, place=1
    ),
    "pipelines.retire_step": lambda s, w: pipelines.retire_step(s, "Closing"),
    "pipelines.retire": lambda s, w: (pipelines.add(s, "Old"), pipelines.retire(s, "Old"))[1],
    "blocklist.block": lambda s, w: do_not_call.block(s, "k@mueller.example", "asked by mail"),
    "blocklist.unblock": lambda s, w: do_not_call.unblock(s, "+442079460999", "asked to be called"),
    "blocklist.block_many": lambda s, w: run_import(
        s, preview(s, DoNotCallImport(), w.file(BLOCKED))
    ),
    "calling.outcome": lambda s, w: calling.outcome(s, w.row, 1, note="wants a quote"),
    "calling.callback": lambda s, w: calling.callback(s, w.row, _reading(w, "tue 10"), called=True),
    "calling.convert": lambda s, w: calling.convert(s, w.second),
    "calling.attach": lambda s, w: calling.attach(s, w.second, w.other, 1, note="the same house"),
    "calling.reopen": lambda s, w: (calling.outcome(s, w.row, 2), calling.reopen(s, w.row))[1],
    "calling.edit_row": lambda s, w: calling.edit_row(
        s, w.row, {"phone": "+49 751 366 1209", "Maschinen": "4"}
    ),
    "calling.edit_text": lambda s, w: text_prospects.edit_text(
        s,
        w.list,
        [
            text_prospects.CellEdit(w.row, 2, "+49 751 366 1209", 4),
            text_prospects.CellEdit(w.row, text_prospects.NOTE, "back\non Monday", 9),
        ],
    ),
    "calling.set_note": lambda s, w: calling.set_note(s, w.row, "on leave until Monday"),
    "calling.add_note": lambda s, w: calling.add_note(s, w.row, "second line"),
    "calling.unblock": lambda s, w: calling.unblock(s, w.blocked, "asked to be called"),
    "lists.create": lambda s, w: lists.create(s, "Autumn fair", [{"name": "Firma", "field": None}]),
    "lists.add_rows": lambda s, w: lists.add_rows(
        s, w.list, [row(n, f"Person {n}", "Firm", f"+4975136600{n}") for n in range(10, 60)]
    ),
    "lists.rename": lambda s, w: lists.rename(s, w.list, "Winter fair"),
    "lists.set_script": lambda s, w: lists.set_script(s, w.list, "Hello {first name}"),
    "lists.archive": lambda s, w: lists.archive(s, w.list),
    "list_acts.split": lambda s, w: list_edits.split(s, w.list, "katrin", "Split off"),
    "list_acts.hand": lambda s, w: list_edits.hand(s, w.list, "", "ben"),
    "list_acts.add_column": lambda s, w: list_edits.add_column(s, w.list, "Priority"),
    "list_acts.rename_column": lambda s, w: list_edits.rename_column(s, w.list, "Firma", "Company"),
    "list_merge.merge": lambda s, w: list_merge.merge(s, w.list, _other_list(w)),
    "lists.set_rules": lambda s, w: list_rules.set_rules(
        s, w.list, new_first=True, call_from="10:00"
    ),
    "outcomes.add": lambda s, w: outcome_rules.add(s, "meeting", "Postponed"),
    "outcomes.edit": lambda s, w: outcome_rules.edit(s, "call", 5, label="Engaged", retry="10m"),
    "outcomes.retire": lambda s, w: outcome_rules.retire(s, "call", 7),
    "outcomes.move": lambda s, w: outcome_rules.move(s, "call", 7, -1),
    "outcomes.bring_back": lambda s, w: outcome_rules.bring_back(s, "call", "Pigeon"),
    "prospects_update.bring_in": lambda s, w: run_import(
        s, preview(s, ListUpdate(s, "Spring fair"), w.file(UPDATED))
    ),
    "prospects_in.bring_in": lambda s, w: run_import(
        s, preview(s, ProspectImport("Bought"), w.file(PROSPECTS))
    ),
    "leads_in.bring_in": lambda s, w: run_import(s, preview(s, LeadImport(), w.file(LEADS))),
    "views.save": lambda s, w: saved_views.save(s, "leads", "mine", "owner:me"),
    "views.forget": lambda s, w: saved_views.forget(s, w.view),
}


@pytest.fixture
def world(session, clock, tmp_path):
    return World(session, clock, tmp_path)


def _missing() -> set[str]:
    return {name for name in journal.OPERATIONS if name not in EXAMPLES}


def test_every_operation_has_an_example():
    assert not _missing()


def test_no_example_without_an_operation():
    assert not {name for name in EXAMPLES if name not in journal.OPERATIONS}


def moves_rows(store: Any) -> bool:
    """Whether by the last entry rows came into a list, left it, or stand elsewhere in it."""
    changes = store.rows(
        "SELECT kind, became FROM changes WHERE name = 'prospects' AND entry_id = ?",
        (store.last_entry(),),
    )
    columns = [json.loads(became) for kind, became in changes if kind == "update"]
    return len(columns) < len(changes) or any(
        {"list_id", "line"} & set(one.get("columns", one)) for one in columns
    )


@pytest.mark.parametrize("name", EXAMPLES)
def test_one_entry_and_undo_gives_back_the_exact_rows(session, world, name):
    if name == "pipelines.retire":
        pipelines.add(session, "Old")
        before, count = snapshot(session.store), entries(session.store)
        pipelines.retire(session, "Old")
    elif name == "calling.reopen":
        calling.outcome(session, world.row, 2)
        before, count = snapshot(session.store), entries(session.store)
        calling.reopen(session, world.row)
    else:
        before, count = snapshot(session.store), entries(session.store)
        EXAMPLES[name](session, world)
    after = snapshot(session.store)
    assert after != before
    assert entries(session.store) == count + 1
    entry = session.store.rows("SELECT op, text FROM entries ORDER BY id DESC LIMIT 1")[0]
    assert entry[0] == name and entry[1].strip()
    assert not moves_rows(session.store) or name in position.MOVES

    undo.undo(session)
    assert snapshot(session.store) == before
    undo.redo(session)
    assert snapshot(session.store) == after
    undo.undo(session)
    assert snapshot(session.store) == before


def test_a_failure_in_the_middle_leaves_nothing(session, world, monkeypatch):
    """Atomic: when the journal cannot be written at the end, no row has changed. As nothing ever
    does, one world serves for all operations."""
    pipelines.add(session, "Old")
    before, count = snapshot(session.store), entries(session.store)

    def full(*_args):
        raise OSError("no space left")

    monkeypatch.setattr(journal.Write, "_finish", full)
    for name, example in EXAMPLES.items():
        with pytest.raises(OSError):
            if name == "pipelines.retire":
                pipelines.retire(session, "Old")
            else:
                example(session, world)
        assert snapshot(session.store) == before, name
        assert entries(session.store) == count, name


def test_every_operation_happens_once_over_a_line_that_is_cut(request, clock, tmp_path):
    """Cut before COMMIT arrives: not saved, as it says, and the store is as it was. Cut after it:
    saved once, by one entry, and undone as ever."""
    databases = request.getfixturevalue("databases")
    address = databases.take()
    request.addfinalizer(databases.give_back)
    with Proxy(address) as line:
        store = open_store(line.address(address.partition("?")[0].rpartition("/")[2]))
        session = sign_in(store, "ana", clock=clock)[0]
        world = World(session, clock, tmp_path)
        pipelines.add(session, "Old")
        for name, example in EXAMPLES.items():
            if name == "pipelines.retire":  # its example makes what it retires

                def example(s, _w):
                    return pipelines.retire(s, "Old")

            if name == "calling.reopen":  # of a row that is done
                calling.outcome(session, world.row, 2)

                def example(s, w):
                    return calling.reopen(s, w.row)

            before, count = snapshot(store), entries(store)
            line.cut = "before"
            with pytest.raises(StoreBusy, match="nothing was saved"):
                example(session, world)
            assert (snapshot(store), entries(store)) == (before, count), name
            line.cut = "after"
            example(session, world)
            assert not line.cut and snapshot(store) != before, name
            assert entries(store) == count + 1, name
            undo.undo(session)
            assert snapshot(store) == before, name
        store.close()
