"""What a conformance test writes its judgement into.

A test receives a `Check`, examines objects with it, and records what is not as required. It never decides the
verdict's word by itself: that follows from what was recorded (see `Check.outcome`), so that "examined nothing" can
never become PASS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NoReturn, Protocol, TypeVar

from tkg_conformance.reports.records import Examined, Finding, Requirement, Severity, Verdict


class Named(Protocol):
    """Anything that can name itself the way a finding does."""

    @property
    def ref(self) -> str: ...


T = TypeVar("T", bound=Named)


class Undecided(Exception):
    """Base of the two ways to stop a check without a judgement; the text is the reason."""


class NotApplicable(Undecided):
    """The requirement's precondition is absent; the text names the predicate."""


class Inconclusive(Undecided):
    """The evidence is missing, unreadable, stale or out of sight; the text says what would settle it."""


def name_of(thing: Named | str) -> str:
    """Return the name under which a finding lists the object."""
    return thing if isinstance(thing, str) else thing.ref


class Check:
    """One requirement being judged in one scope.

    Use `examine` (or `each`) for every object on which the predicate is evaluated, `fail` for each that is not as
    required, `not_applicable` and `inconclusive` to stop. For a requirement of absence examine the collections that
    were searched, by name.
    """

    def __init__(self, requirement: Requirement, scope: str) -> None:
        self.requirement = requirement
        self.scope = scope
        self._objects: list[str] = []
        self._findings: list[Finding] = []
        self._notes: list[str] = []
        self._instead_of_fail: tuple[Verdict, str] | None = None
        self._instead_of_pass: tuple[Verdict, str] | None = None

    def examine(self, thing: Named | str) -> None:
        """Record that the predicate is evaluated on this object."""
        self._objects.append(name_of(thing))

    def each(self, things: Iterable[T]) -> Iterator[T]:
        """Yield the things, recording each as examined."""
        for thing in things:
            self.examine(thing)
            yield thing

    def fail(
        self,
        thing: Named | str,
        *,
        expected: str,
        observed: str,
        message: str,
        involves: Iterable[Named | str] = (),
        severity: Severity | None = None,
        evidence: str | None = None,
        remediation: str | None = None,
    ) -> None:
        """Record that the object is not as required.

        `involves` names the objects that this finding depends on, for instance the compute cluster of the VM; if one
        of them is an object of a cause's finding, this finding is explained by it.
        """
        self._findings.append(
            Finding(
                object=name_of(thing),
                expected=expected,
                observed=observed,
                message=message,
                severity=severity or self.requirement.severity,
                involves=tuple(dict.fromkeys(name_of(each) for each in involves)),
                evidence=evidence,
                remediation=remediation or self.requirement.remediation,
                source="; ".join(f"{kind}: {text}" for kind, text in self.requirement.source) or None,
            )
        )

    def note(self, text: str) -> None:
        """Record something worth knowing that changes no verdict."""
        if text not in self._notes:
            self._notes.append(text)

    def doc_conflict(self, reason: str) -> None:
        """Say that page and implementation disagree; the verdict becomes DOC-CONFLICT, with the findings quoted."""
        self._instead_of_fail = self._instead_of_pass = (Verdict.DOC_CONFLICT, reason)

    def unsupported(self, reason: str) -> None:
        """Say that the site does what the page calls unsupported."""
        self._instead_of_fail = self._instead_of_pass = (Verdict.UNSUPPORTED, reason)

    def known_limit(self, reason: str, *, observed: bool) -> None:
        """Say whether the page's own limitation was observed; a finding still makes the verdict FAIL."""
        word = Verdict.KNOWN_LIMIT if observed else Verdict.LIMIT_NOT_OBSERVED
        self._instead_of_pass = (word, reason)

    def not_applicable(self, predicate: str) -> NoReturn:
        """Stop: the precondition is absent; name the predicate."""
        raise NotApplicable(predicate)

    def inconclusive(self, reason: str) -> NoReturn:
        """Stop: the evidence does not decide; say what would settle it."""
        raise Inconclusive(reason)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found not as required, in order."""
        return tuple(self._findings)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was noted, in order."""
        return tuple(self._notes)

    @property
    def examined(self) -> Examined:
        """What the predicate was evaluated on."""
        return Examined(len(self._objects), tuple(self._objects))

    def outcome(self) -> tuple[Verdict, str]:
        """Return the verdict that follows from what was recorded, with its reason in one sentence."""
        if self._findings:
            if self._instead_of_fail is not None:
                return self._instead_of_fail
            more = f" (and {len(self._findings) - 1} more)" if len(self._findings) > 1 else ""
            return Verdict.FAIL, f"{self._findings[0].message}{more}"
        if not self._objects:
            return Verdict.INCONCLUSIVE, "nothing was there to examine, so nothing is proven"
        if self._instead_of_pass is not None:
            return self._instead_of_pass
        return Verdict.PASS, f"{self.requirement.expected} (examined {len(self._objects)})"
