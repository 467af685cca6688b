"""Stats is looked at with a year of history."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Crm


@pytest.fixture
def crm(a_year: Crm) -> Crm:
    return a_year
