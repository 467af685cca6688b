"""`e`: a message from a template, in the editor or the mail program; logged once it was sent."""

from __future__ import annotations

import shlex
import sys
from urllib.parse import parse_qs, urlsplit

import pytest

from tui_crm.core.leads import history, people
from tui_crm.core.setup import templates

BODY = "Dear {first name},\n\nthe offer for {company} & co.\n\n{my name}"


@pytest.fixture
def edits(tmp_path, monkeypatch):
    """Let the editor do what the code says to the text ``t``."""

    def does(code: str) -> None:
        script = tmp_path / "editor.py"
        script.write_text(
            f"import sys\nf = sys.argv[-1]\nt = open(f).read()\n{code}\nopen(f, 'w').write(t)\n"
        )
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.setenv("EDITOR", f"'{sys.executable}' '{script}'")

    return does


def logged(crm, name="acme"):
    """The e-mails in the history of a lead, newest first."""
    lines = history.history(crm.session, crm.number(name))
    return [line.text for line in lines if line.kind == "email"]


async def test_a_message_from_a_template_is_logged_when_it_was_sent(crm, edits):
    templates.add(crm.session, "Offer", "Your offer, {first name}", BODY)
    before = logged(crm)
    edits("assert t.startswith('To: ') and '{' not in t; t = t.replace('& co.', '& co. (v2)')")
    async with crm.driving((80, 24), "e") as d:
        assert d.shows("1 Offer") and d.shows("e log one"), str(d)
        await d.press("1")
        assert d.shows("sent?") and d.shows("y sent"), str(d)
        assert logged(crm) == before  # nobody said so yet
        await d.press("y")
        assert len(logged(crm)) == len(before) + 1
        assert logged(crm)[0].startswith("Your offer, ") and "& co. (v2)" in logged(crm)[0]
        if d.shows("Next?"):
            await d.press("escape")
        await d.press("u")
        assert logged(crm) == before


async def test_what_nobody_confirmed_is_not_logged(crm, edits):
    templates.add(crm.session, "Offer", "Your offer", "Hello")
    before = logged(crm)
    edits("")
    async with crm.driving((80, 24), "e", "1", "n") as d:
        assert d.shows("Not logged")
        await d.press("e", "1", "escape")
        edits("sys.exit(1)")
        await d.press("e", "1")
        assert d.shows("ended with code 1")
        edits("t = ''")
        await d.press("e", "1")
        assert d.shows("Dropped") and logged(crm) == before


async def test_what_is_empty_or_unknown_is_said_before_it_opens(crm, edits):
    templates.add(crm.session, "Odd", "For {wife}", "{role of mine} {company}")
    edits("open(f + '.opened', 'w')")
    async with crm.driving((80, 24), "e", "1") as d:
        assert d.shows("{wife} is no field") and d.shows("{role of mine} is no field")
        await d.press("enter")
        assert d.shows("not filled in: {wife}, {role of mine}") and d.shows("For {wife}")


async def test_the_mail_program_gets_a_link_and_no_shell(crm, tmp_path):
    """A GUI program is started beside the app: what it was called with is in a fifo's reach."""
    out = tmp_path / "called"
    code = f"import sys; open({str(out)!r}, 'w').write(sys.argv[1])"
    templates.add(crm.session, "Offer", "50% & more? {mailto} $(x)", BODY)
    async with crm.driving((80, 24)) as d:
        # {file} makes it wait for the program, as for one in the terminal.
        d.app.mailer = (sys.executable, "-c", code, "{mailto}", "{file}")
        await d.press("e", "1")
        assert d.shows("{mailto} is no field")
        await d.press("enter")
        assert d.shows("y sent"), str(d)
    link = urlsplit(out.read_text())
    assert parse_qs(link.query)["subject"] == ["50% & more? {mailto} $(x)"]
    assert parse_qs(link.query)["body"][0].count("\r\n") == 4


async def test_a_long_link_goes_without_its_text_and_says_so(crm, tmp_path):
    out = tmp_path / "called"
    code = f"import sys; open({str(out)!r}, 'w').write(sys.argv[1])"
    templates.add(crm.session, "Long", "Long", "ñ" * 1000)
    async with crm.driving((80, 24)) as d:
        d.app.mailer = tuple(
            shlex.split(f"{sys.executable} -c {shlex.quote(code)} {{mailto}} {{file}}")
        )
        await d.press("e", "1")
        assert d.shows("cut by many programs"), str(d)
    assert "body" not in out.read_text() and "subject=Long" in out.read_text()


async def test_e_e_logs_one_that_was_sent_elsewhere(crm):
    before = logged(crm)
    async with crm.driving((80, 24), "e", "e") as d:
        await d.press("1")
        await d.type("by hand")
        await d.press("enter")
        assert logged(crm)[0] == "by hand" and len(logged(crm)) == len(before) + 1


async def test_tab_writes_to_another_of_its_people(crm, edits):
    people.add(crm.session, crm.number("acme"), "Zed Last, zed@acme.example")
    templates.add(crm.session, "Offer", "Your offer", "Dear {first name}")
    edits("assert 'To: Zed Last <zed@acme.example>' in t and 'Dear Zed' in t")
    async with crm.driving((80, 24), "e") as d:
        for _n in range(5):
            if d.shows("zed@acme.example"):
                break
            await d.press("tab")
        await d.press("1")
        assert d.shows("y sent"), str(d)


async def test_templates_are_written_in_the_app(crm, edits):
    edits("t = 'Dear {first name},\\nhello'")
    async with crm.driving((80, 24), "colon") as d:
        await d.type("templates")
        await d.press("enter")
        await d.press("plus")
        await d.type("Hello")
        await d.press("enter")
        await d.type("Hello {company}")
        await d.press("enter")  # then the editor
        await d.type("es")
        await d.press("enter")
        assert d.shows("Hello"), str(d)
    row = templates.find(crm.session.store, "Hello")
    assert (row.language, row.subject) == ("es", "Hello {company}")
    assert row.body == "Dear {first name},\nhello"
