"""MOS-7: edits of the TKr survive reconciliation.

The probe `tkr` reads the TKr over two discovery periods; whatever takes an addition away in that time, if only for a
moment, has overwritten it. Waiting is not needed where the API server's own record tells how old the edit is: an edit
that is older than two discovery periods and still there has survived them. An edit that is gone, while clusters were
made with it, was undone; who wrote the list since says by whom. The page promises that the TKr controller never does;
on a reinstallation of its package it does (tanzu-framework pull request 4122). It is told by its name from whoever else
writes TKrs: it is the one that brought the version. A TKr that was deleted and made again breaks no promise of the
page, but the edit is gone too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest

from tkg_conformance.conformance.multios.edits import Edit, is_by_source, is_since_creation, last_edit, newest
from tkg_conformance.conformance.multios.releases import (
    PACKAGE_PREFIX,
    Release,
    bootstrap_of,
    package_references,
    releases,
    resolved_data,
    windows_images,
)
from tkg_conformance.fixtures.models.names import OS_IMAGE_LABEL
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.transition import instant
from tkg_conformance.fixtures.probes.model import Probe, ProbeRun, TkrReading, WatchedTkr
from tkg_conformance.reports.check import Check

_PERIOD_S = 600
_PERIODS = 2
_PROMISE = "the page: the edit is not overwritten, the controller only creates TKrs that are missing"
_REINSTALL = "tkr-source overwrites TKrs when their package is installed again (tanzu-framework #4122)"


@dataclass(frozen=True, slots=True)
class _Addition:
    """What the page has a person add to one list of a TKr: what is there, and what clusters prove was there."""

    release: Release
    field: str
    present: tuple[str, ...]
    lost: tuple[str, ...]


@pytest.mark.requirement("MOS-7")
def test_edits_survive(check: Check, site: Site) -> None:
    additions = [each for release in releases(check, site) for each in _additions(site, release)]
    if not any(each.present or each.lost for each in additions):
        check.not_applicable("no TKr in use lists a Windows OSImage or a tkg-windows package, or ever did")
    wait = timedelta(seconds=_PERIODS * int(site.profile.get("discovery_period_s") or _PERIOD_S))
    run = site.probe(Probe.TKR)
    watched = {each.name: each for each in run.tkrs if each.readings} if run else {}
    if run is not None:
        check.note(f"watched from {run.started} to {run.ended}: {run.outcome}")
        for each in additions:
            if seen := watched.get(each.release.tkr.name):
                _judge_readings(check, site, each, seen, run)
    unsettled = [problem for each in additions if (problem := _judge(check, site, each, wait, watched))]
    if unsettled and not check.findings:
        check.inconclusive(unsettled[0])


def _additions(site: Site, release: Release) -> list[_Addition]:
    windows = {image.name for image in windows_images(site)}
    resolved: set[str] = set()
    asked: set[str] = set()
    for cluster in release.clusters:
        for _, data in resolved_data(cluster):
            resolved |= {str((each.get("labels") or {}).get(OS_IMAGE_LABEL)) for each in data.values()}
        bootstrap = bootstrap_of(site, cluster)
        asked |= {name for name in (package_references(bootstrap) if bootstrap else ()) if _is_windows_package(name)}
    images, packages = set(release.images), set(release.packages)
    return [
        _Addition(release, "osImages", tuple(sorted(images & windows)), tuple(sorted((resolved & windows) - images))),
        _Addition(release, "bootstrapPackages", tuple(release.windows_packages), tuple(sorted(asked - packages))),
    ]


def _judge(
    check: Check, site: Site, addition: _Addition, wait: timedelta, watched: Mapping[str, WatchedTkr]
) -> str | None:
    """Judge one list; return why it cannot be judged yet, or None. What was watched is known until then."""
    tkr, field = addition.release.tkr, addition.field
    edit = last_edit(tkr, field)
    for name in addition.lost:
        check.examine(tkr)
        _report(check, site, addition, name, edit)
    if not addition.present:
        return None
    check.examine(tkr)
    if edit is None:
        return f"the API server's managedFields of {tkr.ref} do not say when spec.{field} was written"
    seen = watched.get(tkr.name)
    # A write between two readings may have taken an addition away and put it back.
    later = (newest(each.edits, field) for each in (seen.readings if seen else ()))
    edit = max([edit, *filter(None, later)], key=lambda each: each.when)
    age = ((instant(seen.last) if seen else None) or site.now) - edit.when
    if age < wait:
        until = "the end of the probe" if seen else "this observation"
        how = "give it more --probe-time" if seen else "probe it with --probe tkr"
        return (
            f"spec.{field} of {tkr.ref} was written by {edit.describe()}, {_minutes(age)} before {until}; {how}, or"
            f" look again {_minutes(wait)} after that"
        )
    check.note(f"spec.{field} of {tkr.ref} is as {edit.describe()} wrote it, for {_minutes(age)} by now")
    return None


def _judge_readings(check: Check, site: Site, addition: _Addition, seen: WatchedTkr, run: ProbeRun) -> None:
    """Report each addition that a reading lacks, once."""
    for name in addition.present:
        for reading in seen.readings:
            if name not in (reading.images if addition.field == "osImages" else reading.packages):
                edit = newest(reading.edits, addition.field)
                _report(check, site, addition, name, edit, (reading, run))
                break


def _report(
    check: Check,
    site: Site,
    addition: _Addition,
    name: str,
    edit: Edit | None,
    seen: tuple[TkrReading, ProbeRun] | None = None,
) -> None:
    """Report an addition that is gone: in the observation, or in a reading of the probe."""
    tkr, field = addition.release.tkr, addition.field
    is_controller = edit is not None and is_by_source(tkr, edit)
    is_made_again = edit is not None and is_since_creation(tkr, edit)
    by = f"spec.{field} was last written by {edit.describe()}" if edit else "managedFields do not say by whom"
    if is_made_again:
        by += ", when the TKr was made: a later one than those clusters were made with"
    version = seen[0].resource_version if seen else tkr.metadata.get("resourceVersion")
    when = f"was gone at {seen[0].at}" if seen else "is gone although clusters were made with it"
    observed = f"{name} {when}; {by}" + (f", resourceVersion {version}" if version else "")
    is_reinstalled = is_controller and not is_made_again
    if is_reinstalled and site.profile.get("tkr_reinstall_overwrites"):
        check.known_limit(f"{tkr.ref}: {observed}; {_REINSTALL}", observed=True)
        return
    check.fail(
        tkr,
        expected=f"{name} still in spec.{field}",
        observed=observed,
        message=f"{tkr.ref} lost {name} from spec.{field}: {by}",
        evidence=seen[1].evidence if seen else None,
    )
    if is_reinstalled:
        check.doc_conflict(f"{_PROMISE}; observed: {observed}; {_REINSTALL}")


def _is_windows_package(name: str) -> bool:
    return name.startswith(PACKAGE_PREFIX)


def _minutes(age: timedelta) -> str:
    seconds = int(age.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"
