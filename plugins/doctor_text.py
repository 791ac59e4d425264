"""The doctor's report as lines for people: 80 columns, the level also as a sign, what to do under what is not well."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tkg_conformance.fixtures.preflight.checks import AccountRights, Check, Level, Report
from tkg_conformance.reports.layout import Line, indented
from tkg_conformance.reports.words import Tone

WIDTH = 80
_SIGNS = {Level.OK: "✓", Level.WARNING: "!", Level.PROBLEM: "✗"}
_TONES = {Level.OK: None, Level.WARNING: Tone.WARN, Level.PROBLEM: Tone.BAD}
_TOPIC = 12
_HANG = " " * (4 + _TOPIC)
_LACKS_SHOWN = 12


def doctor_lines(report: Report, *, width: int = WIDTH) -> list[Line]:
    """Return the report as lines of at most `width` cells."""
    return [line for block in _blocks(report, width) for line in block]


def _blocks(report: Report, width: int) -> Iterator[list[Line]]:
    yield _settings(report, width)
    for plane in dict.fromkeys(check.plane for check in report.checks):
        checks = [check for check in report.checks if check.plane == plane]
        yield _heading(_title(plane))
        yield [line for check in checks for line in _check(check, width)]
    for account in report.accounts:
        yield _heading(f"account {account.username} on {account.vcenter}")
        yield _account(account, width)
    yield _closing(report, width)


def _heading(text: str) -> list[Line]:
    return [Line(""), Line(text, bold=True)]


def _title(plane: str) -> str:
    kind, _, name = plane.partition(":")
    titles = {"vcenter": f"vCenter {name}", "workload": f"workload cluster {name}", "management": "management cluster"}
    return titles.get(kind, plane)


def _settings(report: Report, width: int) -> list[Line]:
    """Return the settings in columns: key, value, source."""
    lines = [Line(f"settings of {report.site}", bold=True)]
    keys = max((len(each.key) for each in report.settings), default=0)
    for each in report.settings:
        tone = Tone.QUIET if each.source == "default" else None
        head = f"  {each.key:<{keys}}  "
        texts = indented(f"{each.value}  [{each.source}]", width=width, indent=" " * len(head))
        lines += [Line(head + texts[0][len(head) :], tone), *(Line(text, tone) for text in texts[1:])]
    return lines


def _check(check: Check, width: int) -> list[Line]:
    head = f"  {_SIGNS[check.level]} {check.topic:<{_TOPIC}}"
    lines = [Line(text, _TONES[check.level]) for text in _hanging(head, check.found, width)]
    return lines + _advice(check.expected, check.action, width)


def _advice(expected: str, action: str, width: int) -> list[Line]:
    lines: list[Line] = []
    if expected:
        lines += [Line(text) for text in _hanging(f"{_HANG}expected: ", expected, width)]
    if action:
        lines += [Line(text) for text in _hanging(f"{_HANG}do: ", action, width)]
    return lines


def _account(account: AccountRights, width: int) -> list[Line]:
    head = f"  {_SIGNS[account.level]} {'rights':<{_TOPIC}}"
    lines = [Line(text) for text in _hanging(f"    {'part':<{_TOPIC}}", account.part, width)]
    lines += [Line(text, _TONES[account.level]) for text in _hanging(head, account.found, width)]
    if account.asked:
        lines += [Line(text) for text in _hanging(f"    {'per area':<{_TOPIC}}", _areas(account.areas), width)]
    for text in _lacks(account):
        lines += [Line(part, Tone.WARN) for part in indented(text, width=width, indent=_HANG)]
    return lines + _advice(account.expected, account.action, width)


def _areas(areas: dict[str, int]) -> str:
    well = [area for area, lacking in areas.items() if not lacking]
    bad = [f"{area} lacks {lacking}" for area, lacking in areas.items() if lacking]
    return "; ".join([*bad, *([f"{' '.join(well)}: ok"] if well else [])])


def _lacks(account: AccountRights) -> list[str]:
    """Return one line per privilege, with the objects that it is lacking on."""
    objects: dict[str, list[str]] = {}
    for lack in account.lacks:
        objects.setdefault(lack.privilege, []).append(lack.object)
    lines = [
        f"lacks {privilege} on {where[0]}" + (f" and {len(where) - 1} more" if len(where) > 1 else "")
        for privilege, where in objects.items()
    ]
    hidden = len(lines) - _LACKS_SHOWN
    return [*lines[:_LACKS_SHOWN], f"and {hidden} more privileges (see --json)"] if hidden > 0 else lines


def _closing(report: Report, width: int) -> list[Line]:
    levels = [*(check.level for check in report.checks), *(account.level for account in report.accounts)]
    counts = (
        f"{levels.count(Level.OK)} ok, {_counted(report.warnings, 'warning')}, {_counted(report.problems, 'problem')}"
    )
    sent = sum(report.requests.values())
    verdicts = {
        0: ("Ready for a run", Tone.GOOD),
        1: ("Not ready: what is marked makes rows INCONCLUSIVE or stops a run", Tone.BAD),
        11: ("Nothing of the site could be reached", Tone.BAD),
    }
    sentence, tone = verdicts[report.exit_code]
    simulated = " This is a SIMULATED site." if report.simulated else ""
    refused = sum(count for key, count in report.requests.items() if " refused " in key)
    written = f"{sent} requests were sent, nothing was written, {refused} calls were refused by the suite itself."
    return [
        Line(""),
        *(
            Line(text, tone, bold=True)
            for text in indented(f"{sentence}: {counts}.{simulated}", width=width, indent="")
        ),
        *(Line(text, Tone.QUIET) for text in indented(written, width=width, indent="")),
    ]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _hanging(head: str, text: str, width: int) -> Iterable[str]:
    """Return the text behind a head, its further lines under the first."""
    first, *rest = indented(text, width=width, indent=" " * len(head))
    if head.startswith(_HANG):
        rest = indented(" ".join(line.strip() for line in rest), width=width, indent=f"{_HANG}  ") if rest else []
    return [head + first[len(head) :], *rest]
