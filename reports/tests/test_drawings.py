"""The drawings of a report: everything of the site is in them, and findings are marked and linked."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from reports.tests import pictures, sample
from tkg_conformance.reports.records import Finding, Result, Verdict
from tkg_conformance.reports.site_tree import Part, site_tree
from tkg_conformance.reports.svg import element, fitted
from tkg_conformance.reports.timeline_records import Span, SpanKind
from tkg_conformance.reports.timeline_svg import busy, seconds, stretches
from tkg_conformance.reports.topology_records import Placed, PlaceKind, Topology
from tkg_conformance.reports.topology_svg import NAMED, topology_svg
from tkg_conformance.reports.violated import violated

SVG = "{http://www.w3.org/2000/svg}"


def finding(name: str) -> Finding:
    return Finding(object=name, expected="one", observed="none", message="it is not there")


def failed(*names: str, id_: str = "ZONE-8", verdict: Verdict = Verdict.FAIL) -> Result:
    return sample.row(id_, verdict, "not as required", findings=tuple(finding(name) for name in names))


def drawn(topology: Topology, *rows: Result) -> ElementTree.Element:
    """Return the drawing; it is well formed."""
    text = topology_svg(site_tree(topology, violated(rows, topology)), "the site")
    return ElementTree.fromstring(text)  # noqa: S314 - our own text


def words(picture: ElementTree.Element) -> str:
    return " | ".join("".join(each.itertext()) for each in picture.iter("text"))


def test_every_object_of_a_small_site_is_named() -> None:
    site = pictures.topology()
    shown = words(drawn(site))
    for each in site.objects:
        assert (each.zone or each.name) in shown
    assert "control plane · Linux · dev/wl1" in shown
    assert "region region-1" in shown


def test_a_finding_about_a_node_marks_its_machine_and_leads_to_it() -> None:
    (link,) = drawn(pictures.topology(), failed("Node dev/wl1/wl1-0003")).iter("a")
    assert link.attrib["href"] == "#object-1"
    assert link.attrib["aria-label"] == "VM wl1-0003: FAIL, 1 finding"
    assert "✗ wl1-0003" in words(link)
    assert "is-fail" in link.find("rect").attrib["class"]  # type: ignore[union-attr]


def test_nothing_is_marked_without_a_finding_about_it() -> None:
    assert not list(drawn(pictures.topology(), failed("Secret management/dev/wl1")).iter("a"))


def test_one_object_has_one_place_under_all_its_names() -> None:
    rows = (failed("Node dev/wl1/wl1-0003"), failed("VirtualMachine /dc0/vm/wl1-0003", id_="ZONE-3"))
    (only,) = violated(rows, pictures.topology())
    assert only.ref == "VirtualMachine /dc0/vm/wl1-0003"
    assert len(only.statements) == 2


def test_the_worst_verdict_marks_an_object() -> None:
    rows = (failed("Node a", verdict=Verdict.BLOCKED), failed("Node a", id_="ZONE-3"), failed("Node b"))
    assert [(each.ref, each.verdict) for each in violated(rows)] == [("Node a", Verdict.FAIL), ("Node b", Verdict.FAIL)]


def test_a_large_site_names_only_what_has_findings() -> None:
    site = pictures.topology(500, hosts=8)
    picture = drawn(site, failed("Node dev/wl1/wl1-0123"))
    shown = words(picture)
    assert "✗ wl1-0123" in shown
    assert shown.count("wl1-0") == 1
    squares = [each.attrib["d"].count("M") for each in picture.iter("path") if "square" in each.attrib["class"]]
    assert sum(squares) == 500


def test_hosts_without_findings_are_put_together_where_there_are_many() -> None:
    site = pictures.topology(600, zones=1, hosts=40)
    shown = words(drawn(site, failed("HostSystem /dc0/host/cluster1/esx105")))
    assert "✗ esx105" in shown
    assert "39 more hosts, 585 VMs" in shown
    assert "esx106" not in shown


def test_a_host_with_many_findings_says_how_many_are_not_named() -> None:
    site = pictures.topology(NAMED + 1, zones=1)
    shown = words(drawn(site, failed(*(f"Node dev/wl1/wl1-{number:04d}" for number in range(10)))))
    assert "and 6 more VMs with findings" in shown


def test_zones_are_joined_to_what_they_use() -> None:
    site = pictures.topology()
    picture = drawn(site)
    assert len([each for each in picture.iter("path") if each.attrib.get("class") == "line"]) == 6
    assert "6 VMs" in words(picture)


@pytest.mark.parametrize(
    "objects",
    [
        (Placed("VirtualMachine a", PlaceKind.VM, "a"),),
        (Placed("HostSystem h", PlaceKind.HOST, "h"), Placed("VirtualMachine a", PlaceKind.VM, "a", "HostSystem h")),
        (Placed("vCenter v", PlaceKind.VCENTER, "v"), Placed("VirtualMachine a", PlaceKind.VM, "a", "vCenter v")),
        (
            Placed("Datacenter d", PlaceKind.DATACENTER, "d"),
            Placed("HostSystem h", PlaceKind.HOST, "a", "Datacenter d"),
        ),
        (Placed("ClusterComputeResource c", PlaceKind.COMPUTE_CLUSTER, "a", "Datacenter unseen"),),
        (
            Placed("ClusterComputeResource c", PlaceKind.COMPUTE_CLUSTER, "c"),
            Placed("VirtualMachine a", PlaceKind.VM, "a", "ClusterComputeResource c"),
        ),
    ],
    ids=["vm", "host", "vm-of-vcenter", "stand-alone-host", "unseen-parent", "vm-without-host"],
)
def test_what_stands_in_no_known_place_is_drawn_all_the_same(objects: tuple[Placed, ...]) -> None:
    assert " a |" in f" {words(drawn(Topology(objects)))} |"


def test_a_part_counts_the_machines_below_it() -> None:
    def all_parts(part: Part) -> list[Part]:
        return [part, *(each for inner in part.parts for each in all_parts(inner))]

    (root,) = site_tree(pictures.topology(6), ())
    assert len(root.machines) == 6
    assert sum(len(each.of(PlaceKind.VM)) for each in all_parts(root)) == 6


def test_equal_paths_on_two_vcenters_are_kept_apart() -> None:
    first = pictures.topology(3)
    second = replace(first.objects[0], ref="vCenter vc02", name="vc02")
    again = tuple(
        replace(each, parent=second.ref if each.parent == first.objects[0].ref else each.parent)
        for each in first.objects[1:]
    )
    roots = site_tree(Topology((*first.objects, second, *again)), ())
    assert [(each.title, len(each.machines)) for each in roots] == [(pictures.SERVER, 3), ("vc02", 3)]
    shown = words(drawn(Topology((*first.objects, second, *again))))
    assert shown.count("port group · 3 VMs") == 2


def test_what_contains_itself_does_not_hang() -> None:
    circle = (
        Placed("HostSystem a", PlaceKind.HOST, "a", "HostSystem b"),
        Placed("HostSystem b", PlaceKind.HOST, "b", "HostSystem b"),
    )
    assert words(drawn(Topology(circle)))


def test_names_are_escaped_and_cut_in_the_middle() -> None:
    assert element("text", '<b>&"', title='"><script>') == (
        '<text title="&#34;&gt;&lt;script&gt;">&lt;b&gt;&amp;&#34;</text>'
    )
    assert fitted("wl1-md-2-nksjj-7c7hg-vsfmz", 90, size=12, mono=True) == "wl1-md…vsfmz"
    assert fitted("short", 90, size=12, mono=True) == "short"


def test_the_course_names_every_lane_and_enlarges_what_is_short() -> None:
    found = stretches(pictures.TIMELINE)
    assert [each.title for each in found] == [
        "The whole run, 3.4 s",
        "Looking, enlarged, 550 ms",
        "Judging, enlarged, 30 ms",
    ]
    whole = words(ElementTree.fromstring(found[0].picture))  # noqa: S314 - our own text
    for span in pictures.TIMELINE:
        assert span.lane in whole
    judging = "".join(ElementTree.fromstring(found[2].picture).itertext())  # noqa: S314 - our own text
    assert "check ZONE-8 [dev/wl1]: 20 ms from 3.41 s" in judging


def test_steps_at_the_same_time_do_not_cover_one_another() -> None:
    spans = [Span("management", f"LIST {number}", SpanKind.READ, 0.0, 1.0, 1) for number in range(3)]
    picture = ElementTree.fromstring(stretches(spans)[0].picture)  # noqa: S314 - our own text
    assert len({each.attrib["y"] for each in picture.iter("rect")}) == 3


def test_thousands_of_checks_stay_small() -> None:
    spans = [Span("gw0", f"ZONE-{number}", SpanKind.CHECK, number * 0.01, 0.01) for number in range(5000)]
    (whole,) = stretches(spans)
    assert len(whole.picture) < 250_000
    assert busy(spans)[0].count == 5000


def test_no_timeline_no_drawing() -> None:
    assert stretches(()) == ()
    assert stretches([Span("main", "ZONE-1", SpanKind.CHECK, 0.0, 0.0)])[0].title == "The whole run, 1 ms"


@pytest.mark.parametrize(("value", "said"), [(0.012, "12 ms"), (3.44, "3.4 s"), (59.6, "60 s"), (125.0, "2 min 5 s")])
def test_durations_are_said_as_people_write_them(value: float, said: str) -> None:
    assert seconds(value) == said


def test_drawn_names_cannot_leave_the_picture() -> None:
    site = pictures.topology()
    hostile = replace(site.objects[0], name=sample.HOSTILE)
    text = topology_svg(site_tree(Topology((hostile, *site.objects[1:])), ()), sample.HOSTILE)
    ElementTree.fromstring(text)  # noqa: S314 - our own text
    assert "<script" not in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e\ud800]", text)
