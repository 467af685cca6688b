"""What tests of several folders begin with."""

from __future__ import annotations

import pytest

from tests.core.reports.data import Story
from tui_crm.core.session import Session


@pytest.fixture
def story(session: Session) -> Story:
    """A store in which leads, calls and goals are told day by day."""
    return Story(session)
