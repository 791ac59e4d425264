"""What can go wrong while results are read or written; every text is one sentence for people."""

from __future__ import annotations


class ReportsError(Exception):
    """Base of the errors of this package."""


class ResultsError(ReportsError, ValueError):
    """A results file is damaged, partial, or of a schema that this version does not know."""


class WriteError(ReportsError):
    """A file could not be written; the file of that name is as it was before."""


class RendererError(ReportsError):
    """A renderer that another package offers cannot be loaded or clashes with one that exists."""
