"""What holds for a comparison of any two runs."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.tests import sample
from reports.tests.compared import row, run, with_clusters
from tkg_conformance.reports import decoding, results_json
from tkg_conformance.reports.compare import compare
from tkg_conformance.reports.comparison_records import Change, Comparison, EnvironmentChange
from tkg_conformance.reports.records import Examined, Level, Result, Results, Verdict

MIRRORED: dict[Change, set[Change]] = {
    Change.NEW: {Change.FIXED, Change.GONE, Change.OTHER},
    Change.FIXED: {Change.NEW},
    Change.GONE: {Change.NEW},
    Change.STILL_BROKEN: {Change.STILL_BROKEN},
    Change.CANNOT_TELL: {Change.CANNOT_TELL},
    Change.OTHER: {Change.OTHER, Change.NEW},
}
IDS = ("ZONE-3", "ZONE-6", "ZONE-8")
UNHURRIED = settings(deadline=None, max_examples=60)
NAMES = ("node-1", "node-2", "node-3")


@st.composite
def rows(draw: st.DrawFn) -> tuple[Result, ...]:
    """Rows as runs hold them: objects where a verdict has them, some unselected, some missing, in any order."""
    found = []
    for id_ in IDS:
        for scope in ("dev/wl1", "dev/wl2") if id_ != "ZONE-3" else ("site",):
            if draw(st.integers(0, 5)) == 0:
                continue
            verdict = draw(st.sampled_from(Verdict))
            quoting = (Verdict.FAIL, Verdict.BLOCKED, Verdict.DOC_CONFLICT, Verdict.UNSUPPORTED, Verdict.INCONCLUSIVE)
            objects = draw(st.sets(st.sampled_from(NAMES))) if verdict in quoting else set()
            found.append(
                row(
                    verdict,
                    *sorted(objects),
                    id_=id_,
                    scope=scope,
                    level=draw(st.sampled_from(Level)),
                    selected=draw(st.integers(0, 4)) > 0,
                    examined=Examined(3, tuple(draw(st.lists(st.sampled_from(NAMES), unique=True)))),
                )
            )
    return tuple(draw(st.permutations(found)))


@st.composite
def runs(draw: st.DrawFn) -> Results:
    waived = draw(st.sets(st.sampled_from(IDS)))
    names = draw(st.sampled_from((("dev/wl1",), ("dev/wl1", "dev/wl2"))))
    waivers = tuple({"requirement": each} for each in sorted(waived))
    kept = draw(st.sampled_from((sample.CATALOGUE, sample.CATALOGUE[:3])))
    chosen = [each for each in draw(rows()) if each.scope in (*names, "site") and each.id in {c.id for c in kept}]
    return run(*chosen, waivers=waivers, environment=with_clusters(*names), catalogue=kept)


@UNHURRIED
@given(runs())
def test_a_run_has_not_changed_since_itself(results: Results) -> None:
    comparison = compare(results, results)
    assert (comparison.rows, comparison.environment, comparison.worse) == ((), (), False)
    assert sum(comparison.unchanged.values()) == sum(each.selected for each in results.results)


def told(comparison: Comparison) -> dict[tuple[str, str], tuple[str, str]]:
    return {(each.id, each.scope): (each.before, each.after) for each in comparison.rows}


@UNHURRIED
@given(runs(), runs())
def test_the_way_back_mirrors_the_way_there(before: Results, after: Results) -> None:
    there, back = compare(before, after), compare(after, before)
    assert there.unchanged == back.unchanged
    assert there.sites is back.sites
    returned = [EnvironmentChange(each.what, each.after, each.before) for each in back.environment]
    assert list(there.environment) == returned
    mirror = {(each.id, each.scope): each for each in back.rows}
    for each in there.rows:
        # What one run did not decide and the other does not have is told in one direction only.
        if (each.id, each.scope) not in mirror:
            assert each.change is Change.CANNOT_TELL
            continue
        other = mirror[each.id, each.scope]
        assert (each.before, each.after) == (other.after, other.before)
        assert other.change in MIRRORED[each.change]
        objects = {found.object: found.change for found in other.objects}
        assert objects.keys() == {found.object for found in each.objects}
        assert all(objects[found.object] in MIRRORED[found.change] for found in each.objects)


@UNHURRIED
@given(runs(), runs())
def test_the_order_of_rows_does_not_matter(before: Results, after: Results) -> None:
    turned = [replace(each, results=tuple(reversed(each.results))) for each in (before, after)]
    first, second = compare(before, after), compare(*turned)
    # A headline names areas in the order of the rows.
    assert replace(second, before=first.before, after=first.after) == first


@UNHURRIED
@given(runs(), runs())
def test_worse_rows_weigh_on_the_verdict(before: Results, after: Results) -> None:
    comparison = compare(before, after)
    by_key = {(each.id, each.scope): each for each in after.results}
    for each in comparison.rows:
        if each.worse:
            now = by_key[each.id, each.scope]
            assert (now.level, now.selected) == (Level.REQUIRED, True)
            assert now.verdict in (Verdict.FAIL, Verdict.BLOCKED, Verdict.INCONCLUSIVE, Verdict.NOT_RUN)
    assert comparison.worse or not any(each.worse for each in comparison.rows)


@UNHURRIED
@given(runs(), runs())
def test_a_comparison_fits_the_schema_and_survives_storage(before: Results, after: Results) -> None:
    stored = replace(after, comparison=compare(before, after))
    document = json.loads(results_json.dumps(stored))
    schema = {**results_json.schema(), "$ref": "#/$defs/comparison"}
    schema = {key: schema[key] for key in ("$schema", "$defs", "$ref")}
    jsonschema.Draft202012Validator(schema).validate(document["comparison"])
    assert document["comparison"] == json.loads(json.dumps(decoding.plain(stored.comparison)))
    assert results_json.from_dict(document).comparison == stored.comparison
