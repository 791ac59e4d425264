"""Results of a made-up site of any size, and a benchmark of the report on it.

python -m reports.tests.large [NODES]
"""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import replace

from reports.tests import pictures, sample
from tkg_conformance.reports.html import HtmlRenderer
from tkg_conformance.reports.records import Area, Examined, Finding, Requirement, Result, Results, RunState, Verdict
from tkg_conformance.reports.timeline_records import Span, SpanKind
from tkg_conformance.reports.verdict import run_verdict

_REQUIREMENTS = 94
_CLUSTERS = 2
_LISTED = 200
_BROKEN_ROWS = 5


def large_results(nodes: int, *, broken: int = 0) -> Results:
    """Return results of as many requirements as the suite has, half of which examine every node of a cluster.

    `broken` nodes have a finding in each of five rows, as long as those of the suite.
    """
    catalogue = tuple(
        sample.requirement(f"ZONE-{number}", f"Outcome {number} holds", area="zone")
        for number in range(1, _REQUIREMENTS + 1)
    )
    names = [f"wl1-md-{number % 3}-nksjj-7c7hg-{number:05d}" for number in range(nodes)]
    rows = tuple(
        _row(each, f"dev/wl{cluster}", number, names, broken if cluster == 1 and number < _BROKEN_ROWS else 0)
        for number, each in enumerate(catalogue)
        for cluster in range(1, _CLUSTERS + 1)
    )
    verdict, reason = run_verdict(rows, state=RunState.COMPLETED)
    spans = tuple(
        Span(f"gw{number % 4}", f"{row.id} [{row.scope}]", SpanKind.CHECK, 4 + number * 0.02, 0.02)
        for number, row in enumerate(rows)
    )
    return replace(
        sample.every_verdict(),
        results=rows,
        catalogue=catalogue,
        areas=(Area("zone", "ZONE", "CSI region and zone tags", "CSI", "Nodes know the zone that they run in."),),
        topology=pictures.topology(nodes, hosts=max(1, nodes // 60)),
        timeline=(*pictures.TIMELINE, *spans),
        verdict=verdict,
        verdict_reason=reason,
        comparison=None,
        proof=None,
    )


def _row(entry: Requirement, scope: str, number: int, names: list[str], broken: int) -> Result:
    examined = Examined(3, tuple(f"Tag k8s-zone/zone-{each}" for each in "abc"))
    if number % 2 == 0 or broken:
        examined = Examined(len(names), tuple(f"Node {scope}/{name}" for name in names[:_LISTED]))
    return Result(
        id=entry.id,
        title=entry.title,
        area=entry.area,
        level=entry.level,
        scope=scope,
        verdict=Verdict.FAIL if broken else Verdict.PASS,
        reason=f"examined {examined.count}, {broken} not as required",
        examined=examined,
        findings=tuple(_finding(name, index) for index, name in enumerate(names[:broken])),
        rests_on=entry.rests_on,
        duration_s=0.02,
    )


def _finding(name: str, index: int) -> Finding:
    return Finding(
        # The machines of the drawing are counted from 0.
        object=f"Node dev/wl1/wl1-{index:04d}",
        expected="labels equal to the tags in force on the host: region region-1, zone zone-c",
        observed="region region-1, zone zone-a",
        message=f"Node dev/wl1/wl1-{index:04d} is labelled zone-a, but its VM runs in zone-c; it moved, or a tag did",
        involves=tuple(f"{kind} management/dev/{name}" for kind in ("Machine", "VSphereMachine", "VSphereVM") * 4),
        remediation="Migrate the VM back into its zone (vSphere Client > the VM > Migrate), or delete the Machine.",
        source="page: steps 2 and 3",
    )


def main() -> None:
    """Print how long the report takes, how large it is, and the most memory that was held."""
    nodes = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    for broken in (0, nodes):
        results = large_results(nodes, broken=broken)
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        started = time.perf_counter()
        html = HtmlRenderer().render(results)
        took = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(
            f"{nodes} nodes, {broken} broken: {took:.2f} s, {len(html.encode()) / 1e6:.2f} MB, "
            f"{peak:.0f} MiB at most ({held:.0f} MiB before)\n"
        )


if __name__ == "__main__":
    main()
