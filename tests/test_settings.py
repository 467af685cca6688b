"""config.toml and the environment: what may be said, and how a mistake is named."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
import pytest
from hypothesis import given, strategies as st
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from tui_crm.core.errors import CrmError
from tui_crm.core.store.url import safe_url
from tui_crm.settings import Settings, config_folder, default_db, load


def said(tmp_path: Path, source: str) -> CrmError:
    """The refusal of a config file with this content."""
    file = tmp_path / "config.toml"
    file.write_text(source, encoding="utf-8")
    with pytest.raises(CrmError) as refused:
        load(str(file), env={})
    assert str(file) in refused.value.message
    return refused.value


def test_no_file_is_fine(tmp_path: Path) -> None:
    assert load(env={"HOME": str(tmp_path)}) == Settings()
    assert load(env={}) == Settings()


def test_everything_can_be_said(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '\ufeffdb = "postgresql://ana@crm/sales"\nuser = "ana"\ntheme = "light"\nglyphs = "ascii"\n'
        'language = "es"\nmouse = true\ndialer = ["dial", "--to", "{phone}"]\n'
        'zone = "Europe/Madrid"\n[keys]\nwon = "W"\n',
        encoding="utf-8",
    )
    found = load(env={"TUI_CRM_CONFIG": str(file)})
    assert found == Settings(
        db="postgresql://ana@crm/sales",
        user="ana",
        theme="light",
        glyphs="ascii",
        language="es",
        mouse=True,
        dialer=("dial", "--to", "{phone}"),
        keys={"won": "W"},
        zone="Europe/Madrid",
        path=str(file),
        lines={"won": 10},
    )


def test_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('db = "a.db"\nuser = "ana"\n')
    found = load(str(file), env={"TUI_CRM_DB": "b.db", "TUI_CRM_USER": "ben"})
    assert (found.db, found.user) == ("b.db", "ben")


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        ('# mine\n\nthem = "dark"\n', 3, "“theme”"),
        ('theme = "drak"\n', 1, "“dark”"),
        ('user = "ana"\ntheme = "blue"\n', 2, "auto, dark, light, terminal"),
        ('user = "ana"\nmouse = "yes"\n', 2, "true or false"),
        ("user = 7\n", 1, "text in quotes"),
        ('dialer = "dial {phone}"\n', 1, "list of words"),
        ('dialer = ["dial"]\n', 1, "{phone}"),
        ('dialer = ["{phone}"]\n', 1, "{phone}"),
        ('mailer = "xdg-open {mailto}"\n', 1, "list of words"),
        ('mailer = ["mutt"]\n', 1, "{mailto}"),
        ('zone = "Europe/Madird"\n', 1, "“Europe/Madrid”"),
        ('zone = "../../etc/passwd"\n', 1, "time zone"),
        ('theme = "dark"\n[keys]\nwon = 1\n', 3, "“won”"),
        ("keys = 1\n", 1, "table"),
        ('[Keys]\nwon = "W"\n', 1, "“keys”"),
        ('theme = "dark\n', 1, "line 1"),
        ('theme = "dark"\ntheme = "light"\n', 2, "line 2"),
        ('"evil\\u001b[31m" = 1\n', 0, "evil�[31m"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, source: str, line: int, words: str
) -> None:
    refused = said(tmp_path, source)
    if line:
        assert f"line {line}:" in refused.message
    assert words in str(refused)
    assert "\x1b" not in str(refused)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="cannot be read"):
        load(env={"TUI_CRM_CONFIG": str(tmp_path / "none.toml")})


def test_a_file_that_is_not_text(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"user = \xff\xfe")
    with pytest.raises(CrmError, match="UTF-8"):
        load(str(tmp_path / "config.toml"), env={})


# ------------------------------------------------------------------ places


@pytest.mark.parametrize("xdg", [None, "", "relative/x", "/elsewhere"])
@pytest.mark.parametrize(("platform", "oracle"), [("linux", Unix), ("darwin", MacOS)])
def test_the_places_are_those_of_the_platform(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    xdg: str | None,
    platform: str,
    oracle: type[Unix] | type[MacOS],
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        if xdg is None:
            monkeypatch.delenv(name, raising=False)
        else:
            place = str(tmp_path) + xdg if xdg.startswith("/") else xdg
            monkeypatch.setenv(name, place)
    assert config_folder(platform=platform) == oracle("tui-crm", appauthor=False).user_config_dir
    folder = oracle("tui-crm", appauthor=False).user_data_dir
    assert default_db(platform=platform) == os.path.join(folder, "tui-crm.db")


def test_this_machine_agrees_too() -> None:
    assert config_folder() == platformdirs.user_config_dir("tui-crm", appauthor=False)


def test_no_home_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CrmError, match="--db"):
        default_db(env={})


def test_a_home_that_cannot_be_written_is_one_sentence() -> None:
    # /proc takes no folder from anybody, not even from root.
    if not os.path.isdir("/proc/self"):
        pytest.skip("needs /proc")
    if os.access("/proc", os.W_OK):
        pytest.skip("this user may write anywhere, as the system tells it")
    with pytest.raises(CrmError, match="--db"):
        default_db(env={"HOME": "/proc"})


# ------------------------------------------------------------------ secrets


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("postgresql://ana:s3cret@crm/sales", "postgresql://ana:***@crm/sales"),
        ("postgresql://ana:a@b:c/d@crm/sales", "postgresql://ana:***@crm/sales"),
        (
            "postgresql://crm/sales?user=ana&password=s3cret",
            "postgresql://crm/sales?user=ana&password=***",
        ),
        ("postgresql://ana@crm:5432/sales", "postgresql://ana@crm:5432/sales"),
        ("/home/ana/sales.db", "/home/ana/sales.db"),
    ],
)
def test_a_password_is_never_printed(url: str, printed: str) -> None:
    assert safe_url(url) == printed


@given(st.text("abc:/@?#%&=é", min_size=1, max_size=12))
def test_no_password_of_any_letters_survives(password: str) -> None:
    secret = f"zz{password}zz"
    assert "zz" not in safe_url(f"postgresql://ana:{secret}@crm:5432/sales")


def test_settings_are_frozen_and_print_no_password() -> None:
    settings = Settings(db="postgresql://ana:s3cret@crm/sales")
    with pytest.raises(AttributeError):
        settings.db = "other.db"
    with pytest.raises(TypeError):
        Settings(databse="x")
    assert "s3cret" not in repr(settings)
