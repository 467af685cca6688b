"""What the program says when it will not, or cannot, do a thing."""

from __future__ import annotations


class CrmError(Exception):
    """A refusal in one plain sentence, with the next step.

    ``message`` says what did not happen and why; ``hint`` says what to do next (may be empty).
    Both faces print them as they are; they never carry markup.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class NotFound(CrmError):
    """What was named does not exist."""


class NotAllowed(CrmError):
    """The role of this user may not do this."""


class Conflict(CrmError):
    """Somebody else changed the same thing since; the sentence says who and what."""


class StoreError(CrmError):
    """The store cannot be opened, read or written."""


class StoreBusy(StoreError):
    """Another process holds the store; trying again is right."""


class StoreUnknown(StoreBusy):
    """The line was lost after COMMIT was sent; whether it was saved is not known yet."""


class StoreFull(StoreError):
    """The disk is full, or a write failed."""
