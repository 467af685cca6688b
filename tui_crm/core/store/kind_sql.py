"""SQL about the kinds of action, which are rows of a table: what counts as a touch."""

from __future__ import annotations

KNOWN = "(SELECT name FROM kinds)"
"""SQL: the names of all kinds, retired ones included. Naming them leads to a run of an index."""
TOUCHES = "(SELECT name FROM kinds WHERE touch = 1)"
"""SQL: the names of the kinds that count as a touch."""
NO_TOUCHES = "(SELECT name FROM kinds WHERE touch = 0)"
"""SQL: the names of those that do not, such as notes."""
