"""The session of a user; the first one makes the workspace."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from tui_crm.core.session import Session, house, member, utc_now
from tui_crm.core.store.database import Store
from tui_crm.core.store.tables import User, Workspace
from tui_crm.core.team import defaults
from tui_crm.core.text import _, clean


def sign_in(
    store: Store,
    user: str,
    *,
    zone: str = "UTC",
    locale: str = "en",
    clock: Callable[[], datetime] = utc_now,
) -> tuple[Session, str]:
    """The session of ``user`` (case aside), and one line about what was set up, mostly empty.

    The first start of a new store makes the workspace, its defaults and its first user, an admin,
    from the login name, the system's zone and locale. Raises NotFound for a login that an
    existing store does not know."""
    setup = ""
    if store.value("SELECT COUNT(*) FROM workspace") == 0:
        with store.transaction():
            if store.value("SELECT COUNT(*) FROM workspace") == 0:
                setup = _first_start(store, user, zone, locale, int(clock().timestamp()))
    return Session(store, member(store, user), house(store), clock), setup


def _first_start(store: Store, user: str, zone: str, locale: str, at: int) -> str:
    language, _sep, region = locale.replace("-", "_").partition(".")[0].partition("_")
    language = language if language in ("en", "es", "fr", "de") else "en"
    region = region.upper() if len(region) == 2 else defaults.REGION.get(language, "")
    currency = defaults.currency(region)
    name = clean(user, single_line=True).strip() or "me"
    Workspace.insert(
        name=_("Sales"),
        currency=currency,
        zone=zone,
        region=region,
        language=language,
        salt=os.urandom(16).hex(),
        created_at=at,
    ).execute()
    User.insert(name=name, full_name=name, role="admin").execute()
    defaults.fill(store)
    return _("New workspace: {user} is its admin; {currency}, {zone}.").format(
        user=name, currency=currency, zone=zone
    )
