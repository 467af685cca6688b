"""The filter line: what each word finds, against the same question asked in plain Python."""

from __future__ import annotations

import pytest

from tui_crm.core.dates import reader
from tui_crm.core.leads import (
    actions,
    closing,
    filter as lead_filter,
    filter_completion,
    leads,
    views as lead_views,
)


@pytest.fixture
def world(session, clock, colleague):
    ben = colleague("ben")
    clock.go(days=-40)
    old = leads.create(session, "Old and idle", amount=100_00, tag_names=["cold"])
    clock.go(days=40)
    acme = leads.create(
        session,
        "Acme GmbH: Überholung",
        amount=12_400_00,
        company="Acme GmbH",
        tag_names=["hot", "inbound"],
        following=reader.read("tomorrow 9 call", session.now),
        contact="Núria Pla",
        points=[("email", "nuria@acme.example")],
        description="Plant: Leeds",
    )
    bens = leads.create(ben, "Ben's own", amount=5_000_00, following=reader.read("today", ben.now))
    nobody = leads.create(session, "Nobody's", owner_id=None)
    won = leads.create(session, "Won one", amount=700_00)
    closing.won(session, won)
    leads.set_step(session, acme, 3)
    leads.star(session, acme)
    actions.log(session, acme, "note", text="wants a quotation")
    return {"old": old, "acme": acme, "bens": bens, "nobody": nobody, "won": won}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", {"old", "acme", "bens", "nobody", "won"}),
        ("status:open", {"old", "acme", "bens", "nobody"}),
        ("status:won", {"won"}),
        ("status:closed", {"won"}),
        ("status:standby", {"acme"}),
        ("status:todo", {"old", "bens", "nobody"}),
        ("owner:me", {"old", "acme", "won"}),
        ("owner:BEN", {"bens"}),
        ("owner:none", {"nobody"}),
        ("tag:hot", {"acme"}),
        ("-tag:hot status:open", {"old", "bens", "nobody"}),
        ("step:prop", {"acme"}),
        ("amount>5000", {"acme"}),
        ("amount>=5k", {"acme", "bens"}),
        ("amount<1000", {"old", "won"}),
        ("amount:none", {"nobody"}),
        ("stale>14d", {"old"}),
        ("age>30d", {"old"}),
        ("client:acme", {"acme"}),
        ("is:starred", {"acme"}),
        ("next:tomorrow", {"acme"}),
        ("next:today", {"bens"}),
        ("next:none", {"old", "nobody"}),
        ("created:2026-11", {"acme", "bens", "nobody", "won"}),
        ("closed:this-month", {"won"}),
        ("uberholung", {"acme"}),
        ("nuria", {"acme"}),
        ("quot acm", {"acme"}),
        ("leeds", {"acme"}),
        ("probability>40", {"acme"}),
        ("quotation status:won", set()),
    ],
)
def test_what_a_line_finds(session, world, line, found):
    listing = lead_filter.listing(session, line)
    assert set(listing.numbers) == {world[name] for name in found}
    assert not listing.filter.problems
    wanted = lead_views.by_numbers(session, list(listing.numbers))
    assert listing.amount == sum(lead.amount or 0 for lead in wanted)


def test_a_number_finds_its_lead(session, world):
    assert list(lead_filter.listing(session, f"#{world['bens']}").numbers) == [world["bens"]]


@pytest.mark.parametrize(
    "line",
    [
        "step:nosuch",
        "status:maybe",
        "amount>much",
        "stale>soon",
        "sort:luck",
        "created:smarch",
        "is:odd",
        "next:year",
    ],
)
def test_a_word_without_a_meaning_is_said_and_excludes_nothing(session, world, line):
    listing = lead_filter.listing(session, line)
    assert len(listing) == 5
    assert len(listing.filter.problems) == 1


@pytest.mark.parametrize(
    "line",
    [
        '"',
        "acme-corp",
        "C++",
        'o"neil',
        "'; DROP",
        "%",
        "-",
        "a:b:c",
        "\x00",
        "()",
        'AND "OR" NOT',
        "*",
    ],
)
def test_any_text_can_be_searched_for(session, world, line):
    lead = leads.create(session, f"Zenith {line}", description="Zenith")
    assert lead in lead_filter.listing(session, f"{line} zenith").numbers
    assert set(lead_filter.listing(session, f"{line} nadir").numbers) == set()


@pytest.mark.parametrize("line", ["", "status:open", "quotation status:won", "acme"])
@pytest.mark.parametrize("order", sorted(lead_filter.SORTS))
@pytest.mark.parametrize("sign", ["", "-"])
def test_the_first_of_a_line_are_the_beginning_of_all(session, world, line, order, sign):
    # Days and moments of one date, the turn of a year, the last day of a leap February.
    for words in ("today 17:00", "29 feb 2028", "tomorrow", "1 jan 2027 8:00", "31 dec 2026"):
        leads.create(session, f"Acme, {words}", following=reader.read(words, session.now))
    asked = f"{line} sort:{sign}{order}"
    whole = lead_filter.listing(session, asked)
    for most in (1, 3, 100):
        first = lead_filter.first(session, asked, most)
        assert list(first.numbers) == list(whole.numbers)[:most]
        assert (len(first), first.amount) == (len(whole), whole.amount)


def test_sorting(session, world):
    numbers = list(lead_filter.listing(session, "sort:amount").numbers)
    amounts = [lead.amount or -1 for lead in lead_views.by_numbers(session, numbers)]
    assert amounts == sorted(amounts, reverse=True)
    turned = list(lead_filter.listing(session, "sort:-amount").numbers)
    amounts = [lead.amount or -1 for lead in lead_views.by_numbers(session, turned)]
    assert amounts == sorted(amounts)


def test_by_next_action_the_soonest_first_and_closed_ones_last(session, world):
    numbers = list(lead_filter.listing(session, "sort:next").numbers)
    assert numbers[-1] == world["won"]
    order = [world["bens"], world["acme"]]
    assert [n for n in numbers if n in order] == order


def test_the_word_that_excludes_most_is_named(session, world):
    asked = lead_filter.parse(session, "tag:hot status:won")
    assert lead_filter.culprit(session, asked) == ("tag:hot", 1) or lead_filter.culprit(
        session, asked
    ) == ("status:won", 1)
    assert lead_filter.without("tag:hot status:won", "tag:hot") == "status:won"


def test_completion(session, world):
    def offered(line):
        return [(one.word, one.count) for one in filter_completion.complete(session, line)]

    assert ("step:", None) in offered("st") and ("stale>", None) in offered("st")
    assert offered("owner:b") == [("owner:ben", 1)]
    assert offered("x step:pro") == [("step:Proposal", 0)]
