"""Typing into the real program, and what is left of it when the power goes."""

from __future__ import annotations

from tests.pty.conftest import Starter, ask


def test_a_new_lead_is_typed_and_kept(start: Starter, url: str) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send("+")
    t.wait_for("new lead")
    t.send("Núñez y Cía: mudanza €7.5k #inbound")
    t.wait_for("€7,500")
    t.send("\r")
    t.wait_for("#4")
    assert ask(url, "SELECT title, amount FROM leads WHERE id = 4") == [
        ("Núñez y Cía: mudanza", 750_000)
    ]
    t.wait_for("Next?")
    t.send("\r")
    t.wait_until(lambda: "Next?" not in t.screen(), "no next action")
    t.send("q")
    assert t.wait_end() == 0


def test_a_call_is_two_keys_and_words(start: Starter, url: str) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send("c4")
    t.wait_for("Voicemail")
    t.send("left a message\r")
    t.wait_until(
        lambda: ask(url, "SELECT kind, text FROM actions") == [("call", "left a message")],
        "the action in the store",
    )


def test_keys_that_come_all_at_once_do_what_they_say(start: Starter, url: str) -> None:
    """A slow line brings a whole act in one piece."""
    t = start()
    t.wait_for("Acme GmbH")
    t.send("c4left a message\r")
    t.wait_until(
        lambda: ask(url, "SELECT kind, text FROM actions") == [("call", "left a message")],
        "the action in the store",
    )


def test_a_note_survives_the_power_cut(start: Starter, url: str) -> None:
    t = start()
    t.wait_for("Acme GmbH")
    t.send("n")
    t.wait_for("note")
    t.send("Jörg is for us, the board decides")
    t.wait_until(
        lambda: ask(url, "SELECT text FROM drafts") == [("Jörg is for us, the board decides",)],
        "the draft in the store",
        seconds=10,
    )
    t.kill()

    again = start()
    again.wait_for("Acme GmbH")
    again.send("n")
    again.wait_for("Jörg is for us, the board decides")
    again.send("\r")
    again.wait_until(
        lambda: (
            ask(url, "SELECT kind, text FROM actions")
            == [("note", "Jörg is for us, the board decides")]
        ),
        "the note in the store",
    )
    assert ask(url, "SELECT place FROM drafts WHERE kept_by IS NULL") == []
