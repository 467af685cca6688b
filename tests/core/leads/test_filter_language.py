"""The grammar of the filter line, and what lines put together by chance find, against a second
evaluation in plain Python over the leads as the screens see them."""

from __future__ import annotations

import operator
import re
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from tui_crm.core.dates import reader
from tui_crm.core.errors import CrmError
from tui_crm.core.leads import (
    actions,
    board,
    closing,
    filter as lead_filter,
    filter_completion,
    filter_syntax as syntax,
    leads,
    views as lead_views,
)
from tui_crm.core.leads.filter_syntax import All, Either, Not, Word
from tui_crm.core.setup import tags
from tui_crm.core.store import undo
from tui_crm.core.text import clean

SCRAPS = (
    *("(", ")", "-", " ", " ", "or", "OR", "and", '"', '""', ":", "=", "<", ">=", "-(", "\t"),
    *("step:", "amount>", "5", "a", "é", "9:30", "https://x", "sort:a", "Group:step", "foo(bar"),
    *('"x y"', '"a""b"', "Postal code", "#7", "none", "\x00", "%", "'"),
)
TEXTS = st.one_of(st.lists(st.sampled_from(SCRAPS), max_size=16).map("".join), st.text(max_size=30))


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_a_line_that_is_written_down_again_is_read_as_the_same(text):
    parsed = syntax.read(text)
    again = syntax.read(str(parsed))
    assert (again.tree, again.settings) == (parsed.tree, parsed.settings)


@pytest.mark.parametrize(
    ("line", "tree"),
    [
        ("a b", All((Word("", "", "a"), Word("", "", "b")))),
        ("a or b c", Either((Word("", "", "a"), All((Word("", "", "b"), Word("", "", "c")))))),
        ("-(a OR b)", Not(Either((Word("", "", "a"), Word("", "", "b"))))),
        ("(step:x)", Word("step", ":", "x")),
        ("a and b", All((Word("", "", "a"), Word("", "", "b")))),
        ('"or"', Word("", "", "or")),
        ('"Postal code">=48', Word("Postal code", ">=", "48")),
        ('client:"o""neil (x)"', Word("client", ":", 'o"neil (x)')),
        ("foo(bar)", Word("", "", "foo(bar)")),
        ("(foo(bar))", Word("", "", "foo(bar)")),
        ("9:30", Word("", "", "9:30")),
        ("https://a.example/x", Word("", "", "https://a.example/x")),
        ("--a", Word("", "", "a")),
        ("a or", Word("", "", "a")),
        ("or", All()),
        ("()", All()),
        ("(a", Word("", "", "a")),
    ],
)
def test_how_a_line_is_read(line, tree):
    assert syntax.read(line).tree == tree


@pytest.fixture
def world(session, clock, colleague):
    """A dozen leads that differ in everything a word can ask for."""
    ben = colleague("ben")
    tags.add(session, "Food & Wine", "Sector")
    tags.add(session, "Metal", "Sector")
    tags.add(session, "Zoë", "Source")
    plans = [
        ("Acme: relaunch", 1_240_000, "tomorrow 9 call", ["hot", "Metal"], "Sector: Fast Food"),
        ("Old and idle", None, "", ["cold"], "Budget: €5,000\nEmployees: 45 people"),
        ("Überholung", 500_000, "today", [], "Sector: Metal\nDecides: 2026-12-04"),
        ("Weingut", 90_000, "in 3 weeks", ["hot", "Food & Wine"], "budget: 12.4k"),
        ("Casa Ruiz", 4_000_000, "today 17:00", [], "Postal code: 48001\nBudget: 800"),
        ("Nordhavn", 0, "in 7 days", ["Zoë"], "Región: Norte"),
    ]
    numbers = []
    for n, (title, amount, following, names, description) in enumerate(plans):
        clock.go(days=-40 + n * 7)
        number = leads.create(
            session if n % 2 else ben,
            title,
            amount=amount,
            tag_names=names,
            description=description,
            company=["Acme GmbH", "", "Casa Ruiz"][n % 3],
            contact="Anna" if n in (0, 3) else "",
            points=[("phone", "+34 600 100 20" + str(n))] if n == 0 else [],
        )
        clock.go(days=40 - n * 7)
        if following:
            from tui_crm.core.leads import next_actions

            next_actions.set_next(session, number, reader.read(following, session.now))
        numbers.append(number)
    clock.go(days=-14)
    actions.log(session, numbers[0], "call", outcome=1)  # reached, exactly 14 days ago
    actions.log(session, numbers[1], "call", outcome=3)  # nobody answered
    clock.go(days=14)
    actions.log(session, numbers[3], "email")
    actions.log(session, numbers[4], "note", text="wants a quotation")
    leads.set_expected_close(session, numbers[2], date(2026, 12, 15))
    leads.set_expected_close(session, numbers[0], date(2026, 11, 30))
    leads.set_source(session, numbers[2], "Fair")
    leads.set_owner(session, numbers[5], None)
    leads.star(session, numbers[2])
    leads.set_priority(session, numbers[1], "high")
    leads.set_priority(session, numbers[0], "low")
    leads.set_step(session, numbers[3], 3)
    won = leads.create(session, "Won one", amount=70_000)
    closing.won(session, won)
    lost = leads.create(session, "Lost one", description="Sector: metalwork")
    closing.lost(session, lost, 1)
    return [*numbers, won, lost]


# -- the second evaluation -------------------------------------------------------------------------

COMPARE = {
    ":": operator.eq,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
TODAY = date(2026, 11, 23)


def plain(text):
    """Without case and accents, by a table of what these leads hold."""
    return text.casefold().translate(str.maketrans("üëéó", "ueeo"))


def begins(value, name):
    return name is not None and plain(name).startswith(plain(value))


def days_to_next(lead):
    """Whole days until the next action; None without one."""
    following = lead.next
    if following is None or (following.at is None and following.day is None):
        return None
    return ((following.at.date() if following.at else following.day) - TODAY).days


def figure(text):
    """The number of a field of these leads, None for words."""
    found = re.fullmatch(r"€?([\d,.]+)(k?)(?: people)?", text)
    return float(found[1].replace(",", "")) * (1000 if found[2] else 1) if found else None


def holds(lead, word, now):
    """Whether a word is true for a lead."""
    label, sign, value = word.label.casefold(), word.sign, word.value
    compare = COMPARE[sign] if sign else None
    if not label:
        text = [lead.title, lead.description, lead.client or "", *(p.name for p in lead.people)]
        text += ["wants a quotation"] * (lead.title == "Casa Ruiz")
        there = re.findall(r"[^\W_]+", plain("\n".join(text)))
        wanted = re.findall(r"[^\W_]+", plain(value))
        return all(any(one.startswith(w) for one in there) for w in wanted)
    if label == "status":
        states = {"open": ("todo", "standby"), "closed": ("won", "lost", "cancelled")}
        return value == "all" or lead.status in states.get(value, (value,))
    if label == "owner":
        return lead.owner is None if value == "none" else begins(value, lead.owner)
    if label == "tag":
        return not lead.tags if value == "none" else any(begins(value, t) for t in lead.tags)
    if label == "category":
        of = {"sector": {"Food & Wine", "Metal"}, "source": {"Zoë"}}
        return bool(of[value] & set(lead.tags))
    if label == "client":
        return lead.client is None if value == "none" else begins(value, lead.client)
    if label == "source":
        return begins(value, lead.source) or any(begins(value, t) for t in lead.tags if t == "Zoë")
    if label == "step":
        return begins(value, lead.step)
    if label == "amount":
        if value == "none":
            return lead.amount is None
        return lead.amount is not None and compare(lead.amount, float(value) * 100)
    if label == "probability":
        return compare(lead.probability, int(value))
    if label == "age":
        return (compare if sign != ":" else operator.gt)(
            (TODAY - lead.created).days, int(value[:-1])
        )
    if label == "stale":
        ago = (now - lead.touched_at).total_seconds()
        return (compare if sign != ":" else operator.gt)(ago, int(value[:-1]) * 86400)
    if label == "priority":
        return lead.priority == value
    if label == "contacted":
        if value == "never":
            return lead.contacted is None
        compare = operator.le if sign in ":=" else compare
        ago = None if lead.contacted is None else (now - lead.contacted).total_seconds()
        if ago is None:
            return sign in (">", ">=")
        return compare(ago, int(value[:-1]) * 86400)
    if label in ("created", "closed", "close"):
        day = {"created": lead.created, "closed": lead.closed, "close": lead.expected_close}[label]
        if value == "none" or day is None:
            return value == "none" and day is None
        month = (day.year, day.month)
        return compare(month, (int(value[:4]), int(value[5:])))
    if label == "next":
        days = days_to_next(lead)
        if value == "none":
            return days is None and lead.open
        if days is None or not lead.open:
            return False
        if value.endswith("d"):
            return 0 <= days <= int(value[:-1]) if sign == ":" else compare(days, int(value[:-1]))
        return {"late": days < 0, "today": days == 0, "week": 0 <= days < 7}[value]
    if label == "is":
        return {"starred": lead.starred, "mine": lead.owner == "ana"}[value]
    if label == "with":
        kinds = {point.kind for person in lead.people for point in person.points}
        return {
            "phone": "phone" in kinds,
            "person": bool(lead.people),
            "next": days_to_next(lead) is not None,
            "close": lead.expected_close is not None,
            "tag": bool(lead.tags),
            "note": lead.title == "Casa Ruiz",
        }[value]
    fields = {plain(label).replace(" ", ""): text for label, text in lead.fields.items()}
    text = fields.get(plain(label).replace(" ", ""))
    tagged = [t for t in lead.tags if label == "sector" and t in ("Food & Wine", "Metal")]
    if value == "none":
        return text is None and not tagged
    if text is not None and sign in ("<", ">"):
        if value.startswith("2026"):
            limit = date.fromisoformat(value)
            return label == "decides" and compare(date.fromisoformat(text), limit)
        number = figure(text)
        return number is not None and compare(number, figure(value))
    if (text is None and not tagged) or sign in ("<", ">"):
        return False
    if figure(value) is not None:
        return text is not None and figure(text) == figure(value)
    if sign == "=":
        return plain(value) in (plain(one) for one in [*tagged, *([text] if text else [])])
    words = plain(text or "").split()
    return any(begins(value, t) for t in tagged) or (
        text is not None and all(any(w.startswith(v) for w in words) for v in plain(value).split())
    )


def true(lead, tree, now):
    if isinstance(tree, Word):
        return holds(lead, tree, now)
    if isinstance(tree, Not):
        return not true(lead, tree.part, now)
    parts = (true(lead, part, now) for part in tree.parts)
    return all(parts) if isinstance(tree, All) else any(parts)


WORDS = tuple(
    next(syntax.words_in(syntax.read(text).tree))
    for text in (
        *("status:open", "status:closed", "status:todo", "status:standby", "status:won"),
        *("owner:ana", "owner:BE", "owner:none", "tag:hot", "tag:none", "tag:zoe", "step:qual"),
        *("step:Proposal", "category:sector", "category:source", "client:casa", "client:none"),
        *("source:fair", "source:zo", "amount>5000", "amount<=5000", "amount:none", "amount=0"),
        *("probability>20", "age>26d", "age<=26d", "age:12d", "stale>1d", "stale<1d"),
        *("contacted<14d", "contacted<=14d", "contacted>13d", "contacted>=14d", "contacted:never"),
        *("priority:high", "priority:low", "priority:none"),
        *("contacted:20d", "created:2026-11", "created<2026-11", "created>=2026-11"),
        *("closed:2026-11", "closed:none", "close:2026-12", "close<2026-12", "close:none"),
        *("next:none", "next:today", "next:week", "next:late", "next<7d", "next>=7d", "next:7d"),
        *("is:starred", "is:mine", "with:phone", "with:person", "with:next", "with:close"),
        *("with:tag", "with:note", "Sector:Food", "sector:metal", "sector=metal", "sector:none"),
        *("budget>1000", "Budget<5k", "budget:5000", "employees:45", "employees>=45"),
        *('"postal code":48001', "postalcode:48001", "decides<2026-12-05", "decides>2026-12-04"),
        *("region:nor", "REGIÓN=norte", "acme", "uberholung", "quot", "metal", "casa"),
    )
)
TREES = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.one_of(
        st.builds(lambda part: part.part if isinstance(part, Not) else Not(part), inner),
        st.lists(inner, min_size=2, max_size=3).map(lambda p: syntax.all_of(tuple(p))),
        st.lists(inner, min_size=2, max_size=3).map(lambda p: syntax.either_of(tuple(p))),
    ),
    max_leaves=6,
)


def compared(session, found, tree):
    """Both evaluations of a condition."""
    every = lead_views.by_numbers(session, found)
    line = str(syntax.Parsed(tree))
    listing = lead_filter.listing(session, line)
    assert listing.filter.problems == (), line
    wanted = {lead.title for lead in every if true(lead, tree, session.now)}
    got = {lead.title for lead in lead_views.by_numbers(session, list(listing.numbers))}
    assert got == wanted, line
    return len(got)


def test_every_word_finds_what_it_says(session, world):
    sizes = {str(word): compared(session, world, word) for word in WORDS}
    nothing = {"next:late", "decides>2026-12-04"}
    assert {word for word, size in sizes.items() if not size} == nothing
    for word in WORDS:
        compared(session, world, Not(word))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_lines_put_together_by_chance_find_the_same_as_plain_python(session, world, data):
    compared(session, world, data.draw(TREES))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=TEXTS)
def test_any_text_finds_something_or_says_which_word_is_wrong(session, world, text):
    listing = lead_filter.listing(session, text)
    assert len(listing) == len(listing.numbers) <= len(world)
    parsed = syntax.read(text)
    words = (*syntax.words_in(parsed.tree), *parsed.settings, ")", "(")
    named = tuple(clean(str(word), single_line=True)[:80] for word in words)
    assert all(problem.startswith(named) for problem in listing.filter.problems)
    filter_completion.complete(session, text)


# -- words that make no sense ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("stpe:proposal", "stpe:proposal: there is no such word or field; there are: step, "),
        ("step:propsal", "step:propsal: nothing is called propsal; there are: Proposal, "),
        ("step>3", "step>3: it cannot be more or less; for instance step:proposal"),
        ("budgte>5000", "budgte>5000: there is no such word or field; there are: "),
        ("budget>lots", "budget>lots: it compares with a number or a day; for instance budget>"),
        ("with:fax", "with:fax: nothing of a lead is called fax; one of: "),
        ("tag:hto", "tag:hto: nothing is called hto; there are: hot, "),
        ("group:mood", "group:mood: leads cannot be grouped so; one of: step, owner, tag, client"),
        ("columns:next,mood", "columns:next,mood: there is no such column; one of: "),
        ("amount>much", "amount>much: “much” is not an amount; Type it like "),
        ("acme )", "): no bracket was opened before it."),
        ("(" * 30 + "a" + ")" * 30, "(: there are too many brackets in one another, 10 are"),
        ("a " * 200, "a: a filter has at most 100 words."),
    ],
)
def test_a_wrong_word_is_named_and_what_is_possible_is_said(session, world, line, problem):
    problems = lead_filter.listing(session, line).filter.problems
    assert len(problems) == 1
    assert problems[0].startswith(problem)


@pytest.mark.parametrize("part", ["-(a or ", "(a b or ", "-(status:won amount>5 or -", "b or (c "])
def test_brackets_in_brackets_as_deep_as_they_go(session, world, part):
    deep = syntax.MOST_DEEP
    listing = lead_filter.listing(session, part * deep + "zzz" + ")" * deep)
    assert listing.filter.problems == ()
    lead_filter.listing(session, " or ".join(f"x{n}" for n in range(syntax.MOST_WORDS)))


def test_a_wrong_word_in_an_or_leaves_the_other_one(session, world):
    assert len(lead_filter.listing(session, "tag:cold or stpe:x")) == 1


# -- completion, scope -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["status:", "status:open step:", "tag:cold or tag:", "-(is:starred or sector:", "owner:"],
)
def test_completion_counts_what_the_whole_line_would_find(session, world, line):
    offers = filter_completion.complete(session, line)
    assert offers
    for offer in offers:
        whole = filter_completion.completed(line, offer.word)
        assert offer.count == len(lead_filter.listing(session, whole)), whole


def test_completion_knows_fields_and_categories(session, world):
    def words(line):
        return [offer.word for offer in filter_completion.complete(session, line)]

    assert words("bud") in (["Budget:"], ["budget:"])  # one field, however it is spelled
    assert words("x (sec") == ["Sector:"]
    assert '"Postal code":' in words("pos")
    assert "sector:Metal" in words("sector:") and 'sector:"Food & Wine"' in words("-sector:fo")
    assert words('sector:"Food & Wine" ') == []
    assert words("columns:next,am") == ["columns:next,amount"]
    assert words("group:") == ["group:step", "group:owner", "group:tag", "group:client"]


def test_the_scope_of_a_line_can_be_dropped(session, world):
    parsed = lead_filter.parse(session, "status:open owner:me acme (owner:ben or tag:hot)")
    assert lead_filter.scope(parsed) == "status:open owner:me"
    wider = lead_filter.without_scope("status:open owner:me acme (owner:ben or tag:hot) sort:title")
    assert wider == "acme (owner:ben or tag:hot) sort:title"


def test_last_contact_and_age_are_of_the_view_and_order(session, world):
    leads_now = {lead.title: lead for lead in lead_views.by_numbers(session, world)}
    assert leads_now["Acme: relaunch"].contacted == session.now - timedelta(days=14)
    assert leads_now["Old and idle"].contacted is not None, "a call that nobody answered counts"
    assert leads_now["Weingut"].contacted == session.now
    assert leads_now["Acme: relaunch"].age == 40
    order = list(lead_filter.listing(session, "with:person sort:contacted").numbers)
    assert order == [world[0], world[3]]
    order = list(lead_filter.listing(session, "sort:contacted").numbers)
    assert order[-3:] == [world[0], world[1], world[3]], "those without any first"
    silent = list(lead_filter.listing(session, "contacted>13d").numbers)
    assert world[2] in silent and world[3] not in silent, "nothing was ever done there"


def test_priorities_order_and_are_taken_back(session, world):
    order = list(lead_filter.listing(session, "sort:priority").numbers)
    assert (order[0], order[-1]) == (world[1], world[0])
    with pytest.raises(CrmError, match="no priority"):
        leads.set_priority(session, world[0], "urgent")
    leads.set_priority(session, world[0], "none")
    assert lead_views.one(session, world[0]).priority == "none"
    undo.undo(session)
    assert lead_views.one(session, world[0]).priority == "low"


@pytest.mark.parametrize("by", ["step", "owner", "tag", "client"])
def test_groups_hold_every_lead_found_and_add_up(session, world, by):
    found = lead_filter.listing(session, f"-status:lost group:{by}")
    views = {lead.number: lead for lead in lead_views.by_numbers(session, list(found.numbers))}
    wanted: dict[str, list[int]] = {}
    for number in found.numbers:
        lead = views[number]
        keys = {"step": [lead.step], "owner": [lead.owner or ""], "client": [lead.client or ""]}
        for key in keys.get(by, lead.tags or ("",)):
            wanted.setdefault(key, []).append(number)
    groups = board.groups(session, found)
    assert {group.name: list(group.numbers) for group in groups} == wanted
    for group in groups:
        assert group.amount == sum(views[number].amount or 0 for number in group.numbers)
    assert "" not in [group.name for group in groups[:-1]], "those without any come last"
