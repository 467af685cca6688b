"""What a rep does, one file per subject: first its operations (writes), then its views (reads).

Every operation takes a :class:`tui_crm.core.work.team.Session` first; every view is a frozen
dataclass of plain values.
"""
