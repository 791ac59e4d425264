"""The results of a former run: found, read, and compared with those of this one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tkg_conformance.fixtures.errors import UsageError
from tkg_conformance.plugins.options import Options
from tkg_conformance.reports import results_json
from tkg_conformance.reports.compare import compare
from tkg_conformance.reports.comparison_records import Sites
from tkg_conformance.reports.errors import ResultsError
from tkg_conformance.reports.records import Results, Verdict
from tkg_conformance.reports.report_facts import moment
from tkg_conformance.reports.same_site import NOTHING_OBSERVED, same_site

RESULTS_FILE = "results.json"


@dataclass(frozen=True)
class Previous:
    """The former results, or why there are none to compare with ("" if none were there)."""

    results: Results | None = None
    note: str = ""

    def compared(self, now: Results) -> tuple[Results, str]:
        """Return the results with what changed, or as they are with the reason, as a phrase, why nothing is compared.

        Compared is only what can say something: a run that decided something on the same site.
        """
        former = self.results
        if former is None:
            return now, self.note
        if _is_of_one_creation(former, now):
            return now, "the results in the folder are of this run, before it was killed"
        if not any(
            row.selected and row.verdict not in (Verdict.INCONCLUSIVE, Verdict.NOT_RUN) for row in former.results
        ):
            return now, f"the run of {moment(former.run.started)} decided nothing"
        if now.environment.get("kind") == NOTHING_OBSERVED:
            return now, "this run observed nothing"
        sites, reason = same_site(former, now)
        if sites is Sites.DIFFERENT:
            return now, f"the run of {moment(former.run.started)} looked at another site: {reason}"
        return replace(now, comparison=compare(former, now)), ""


def find(options: Options) -> Previous:
    """Return the results that `--tkg-previous` names, else those that this run will replace in its folder.

    Raises:
        UsageError: if the named ones cannot be read. Those in the folder are left out then, which is noted.
    """
    if options.previous is not None:
        try:
            return Previous(load(options.previous))
        except ResultsError as error:
            raise UsageError(f"--tkg-previous: {error}.") from error
    path = options.out / RESULTS_FILE
    if not path.exists():
        return Previous()
    try:
        return Previous(results_json.load(path))
    except ResultsError as error:
        return Previous(note=str(error))


def load(named: Path) -> Results:
    """Return the results of a file, or of the folder that a run left; raises `ResultsError` in one sentence."""
    path = named / RESULTS_FILE if named.is_dir() else named
    return results_json.load(path)


def refuse_to_replace(out: Path, *runs: Path) -> None:
    """Raise `UsageError` if `out` is the results file of one of these runs, each named by its file or folder."""
    for each in runs:
        file = each / RESULTS_FILE if each.is_dir() else each
        if out.exists() and file.exists() and out.samefile(file):
            raise UsageError(f"--out {out} is a file that is read; name another one.")


def _is_of_one_creation(former: Results, now: Results) -> bool:
    """Say whether a resumed run finds what it wrote itself before it was killed."""
    mark = (now.creation or {}).get("run")
    return mark is not None and mark == (former.creation or {}).get("run")
