"""Results records to render: every verdict on a lab, a certified site, an aborted run, hostile names."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports.tests import pictures
from tkg_conformance.reports.compare import compare
from tkg_conformance.reports.proof_records import NotShowable, ProofRecord, Score, ShownFault
from tkg_conformance.reports.records import (
    Area,
    EvidenceFile,
    Examined,
    Finding,
    Level,
    Requirement,
    Result,
    Results,
    RunInfo,
    RunState,
    Selection,
    Severity,
    Verdict,
)
from tkg_conformance.reports.verdict import run_verdict

AREAS = (
    Area(
        name="zone",
        prefix="ZONE",
        title="CSI region and zone tags",
        page="CSI のリージョン タグとゾーン タグを使用したクラスタの展開",
        promise="Nodes and volumes know the region and zone of the compute cluster that they run on.",
    ),
    Area(
        name="identity",
        prefix="IDENT",
        title="An alternate vSphere account",
        page="代替 vSphere アカウントを使用したクラスタのデプロイ",
        promise="A workload cluster is created and run under an account other than the management cluster's.",
    ),
    Area(
        name="ova",
        prefix="OVA",
        title="Custom OVA templates",
        page="カスタム OVA イメージからのクラスタの展開",
        promise="A cluster is created from the template that was meant.",
    ),
)

RESTS_ON = {
    "cloud-provider": {
        "name": "Cloud Provider vSphere",
        "kind": "upstream",
        "version": "1.36.0",
        "note": "the controller itself, labelling Nodes",
    },
    "vcenter-simulator": {"name": "govmomi vCenter simulator", "kind": "simulator", "version": "0.56.0"},
    "addon-model": {"name": "add-on model", "kind": "model", "note": "variables to vsphere.conf"},
}


def requirement(
    identifier: str, title: str, *, area: str, level: Level = Level.REQUIRED, **changes: Any
) -> Requirement:
    """Return a catalogue entry with plausible words."""
    base = Requirement(
        id=identifier,
        title=title,
        must=f"{title}: this MUST hold on every object concerned.",
        area=area,
        level=level,
        scope="cluster",
        planes=("VC", "WC"),
        provenance=("D", "S"),
        applies="when any hop of the configuration names a region or zone",
        severity=Severity.MAJOR,
        source=(
            ("page", "step 3, the labels that the variables lead to"),
            ("code", "kubernetes/cloud-provider-vsphere pkg/cloudprovider/vsphere/zones.go"),
        ),
        expected="both labels are present on every Node",
        remediation="Attach the tag: vSphere Client > Hosts and Clusters > cluster > Actions > Tags & Attributes",
        rests_on=("cloud-provider", "vcenter-simulator"),
    )
    return replace(base, **changes)


CATALOGUE = (
    requirement("ZONE-1", "The tag categories exist", area="zone", scope="site", planes=("VC",)),
    requirement("ZONE-3", "Each compute cluster carries one zone tag", area="zone", scope="site", planes=("VC",)),
    requirement(
        "ZONE-6",
        "VSPHERE_REGION and VSPHERE_ZONE name what the components look for",
        area="zone",
        planes=("CFG", "VC"),
        notes="The profile decides between category and tag names.",
    ),
    requirement(
        "ZONE-8",
        "Every Node carries the documented region and zone labels",
        area="zone",
        severity=Severity.CRITICAL,
        requires=("ZONE-3",),
        witness="kubectl get nodes -L failure-domain.beta.kubernetes.io/zone",
    ),
    requirement("ZONE-11", "Every CSINodeTopology is Success", area="zone", level=Level.ADVISORY),
    requirement("ZONE-13", "Every zone can use a datastore", area="zone", level=Level.LIVE),
    requirement("ZONE-15", "Region and zone stay as they were at creation", area="zone", level=Level.ADVISORY),
    requirement("IDENT-1", "The account's Secret lies beside the CAPV controller", area="identity", planes=("MC",)),
    requirement("IDENT-7", "The alternate account can log in", area="identity", planes=("VC", "MC")),
    requirement("IDENT-9", "The alternate account cloned the machines", area="identity", planes=("VC",)),
    requirement("IDENT-14", "Deleting the identity deletes its Secret", area="identity", level=Level.LIVE),
    requirement(
        "OVA-1",
        "Exactly one template matches the release",
        area="ova",
        planes=("VC", "MC"),
        lab="constructed",
        lab_reason="the default lab has no second release",
    ),
)
_BY_ID = {each.id: each for each in CATALOGUE}

MISSING_TAG = Finding(
    object="ClusterComputeResource /dc0/host/cluster2",
    expected="one tag of the category k8s-zone",
    observed="no tag of the category k8s-zone",
    message="the compute cluster carries no zone tag",
    severity=Severity.CRITICAL,
    involves=("Tag k8s-zone/zone-b",),
    evidence="tagging: list-attached-tags ClusterComputeResource:domain-c27",
    remediation="Attach zone-b: vSphere Client > Hosts and Clusters > cluster2 > Actions > Tags > Assign Tag",
    source="page: step 2, table of tags",
)
MISSING_LABEL = Finding(
    object="Node dev/wl1/wl1-md-1-x7k2p",
    expected="labels failure-domain.beta.kubernetes.io/region and failure-domain.beta.kubernetes.io/zone",
    observed="neither label",
    message="the Node lacks both labels",
    involves=("ClusterComputeResource /dc0/host/cluster2",),
)


def row(identifier: str, verdict: Verdict, reason: str, *, scope: str = "dev/wl1", **changes: Any) -> Result:
    """Return a row on a catalogue entry."""
    entry = _BY_ID[identifier]
    base = Result(
        id=identifier,
        title=entry.title,
        area=entry.area,
        level=entry.level,
        scope="site" if entry.scope == "site" else scope,
        verdict=verdict,
        reason=reason,
        rests_on=entry.rests_on,
        duration_s=0.0125,
    )
    return replace(base, **changes)


EVERY_VERDICT = (
    row(
        "ZONE-1",
        Verdict.PASS,
        "both categories exist (examined 2)",
        examined=Examined(2, ("Category k8s-region", "Category k8s-zone")),
    ),
    row(
        "ZONE-3",
        Verdict.FAIL,
        "the compute cluster carries no zone tag",
        examined=Examined(3, tuple(f"ClusterComputeResource /dc0/host/cluster{n}" for n in (1, 2, 3))),
        findings=(MISSING_TAG,),
        notes=("cluster3 holds no Node of a workload cluster",),
    ),
    row(
        "ZONE-6",
        Verdict.DOC_CONFLICT,
        "the page asks for tag names (region-1); the cloud provider looks for a category of that name",
        examined=Examined(2, ("Configuration dev/wl1 VSPHERE_REGION", "Configuration dev/wl1 VSPHERE_ZONE")),
    ),
    row(
        "ZONE-8",
        Verdict.BLOCKED,
        "explained by ZONE-3: ClusterComputeResource /dc0/host/cluster2 carries no zone tag",
        examined=Examined(6, tuple(f"Node dev/wl1/node-{n}" for n in range(6))),
        findings=(MISSING_LABEL,),
        blocked_by="ZONE-3",
    ),
    row("ZONE-8", Verdict.NOT_APPLICABLE, "no hop of the configuration names a region or zone", scope="dev/wl2"),
    row("ZONE-11", Verdict.KNOWN_LIMIT, "the topology stays Success after a move", examined=Examined(6)),
    row("ZONE-13", Verdict.LIMIT_NOT_OBSERVED, "all datastores are shared", examined=Examined(2)),
    row("ZONE-15", Verdict.UNSUPPORTED, "the zone category was changed on 2026-11-02", examined=Examined(1)),
    row(
        "IDENT-1",
        Verdict.PASS,
        "user name and password are present (examined 1)",
        examined=Examined(1, ("Secret management/capv-system/wl1",)),
    ),
    row("IDENT-7", Verdict.NOT_RUN, "the check crashed: KeyError: 'accounts'", crashed=True),
    row("IDENT-9", Verdict.INCONCLUSIVE, "the clone events are older than the 30 days that vCenter keeps"),
    row("IDENT-14", Verdict.NOT_RUN, "needs a probe; allow it in the site file and run with --probe identity"),
    row("OVA-1", Verdict.NOT_RUN, "not selected", selected=False),
)

LAB_ENVIRONMENT: dict[str, Any] = {
    "kind": "lab",
    "name": "default",
    "vcenters": [{"server": "127.77.1.1:8989", "account": "suite@vsphere.local", "instance_uuid": "42-1"}],
    "management": "https://127.77.1.1:6443",
    "clusters": [{"name": "dev/wl1", "type": "linux"}, {"name": "dev/wl2", "type": "multi-os"}],
    "versions": {"Cluster API": "1.13.5", "CAPV": "1.16.1", "cloud-provider": "1.36.0"},
    "sight": {"127.77.1.1:8989": {"limited": False, "reason": "", "blind": []}},
    "requests": {"total": 95, "refused": 0, "by_plane": {"vcenter:127.77.1.1:8989": 31, "management": 64}},
    "observed": {
        "started": "2026-11-22T13:40:01Z",
        "duration_s": 2.2,
        "requests": {"vCenter": 31, "Kubernetes": 64, "refused": 0},
        "problems": ["workload:dev/wl2: CSINode: the API server refused: forbidden"],
    },
    "lab": {},
    "suite_host": {"python": "3.11.7", "pytest": "9.2.0"},
}

PROOF = ProofRecord(
    schema="tkg-conformance/proof/v1",
    suite_version="0.1.0",
    suite_digest="5" * 64,
    lab_digest="1" * 64,
    scenario="default",
    same_suite=True,
    finished="2026-11-22T13:30:00Z",
    complete=True,
    score=Score(detected=1, seeded=2, selected=2, proven=1, judged=2),
    faults=(
        ShownFault(
            id="zone-tag-detached",
            requirement="ZONE-3",
            scope="site",
            sentence="the zone tag of a compute cluster was detached",
            object="ClusterComputeResource /dc0/host/cluster2",
            expected="FAIL",
            observed="FAIL",
            detected=True,
            why="",
            duration_s=3.25,
        ),
        ShownFault(
            id="secret-elsewhere",
            requirement="IDENT-1",
            scope="dev/wl1",
            sentence="the Secret lies in another namespace",
            object="Secret management/capv-system/wl1",
            expected="FAIL",
            observed="PASS",
            detected=False,
            why="IDENT-1 stayed PASS",
            duration_s=18.5,
        ),
    ),
    not_showable=(NotShowable("OVA-1", "the default lab has no second release"),),
)


def results(
    rows: tuple[Result, ...] = EVERY_VERDICT,
    *,
    environment: dict[str, Any] | None = None,
    state: RunState = RunState.COMPLETED,
    abort_reason: str | None = None,
    waivers: tuple[dict[str, Any], ...] = (),
    proof: ProofRecord | None = None,
    catalogue: tuple[Requirement, ...] = CATALOGUE,
) -> Results:
    """Return a record with the verdict that follows from its rows."""
    verdict, reason = run_verdict(rows, state=state, waivers=waivers)
    areas = tuple(dict.fromkeys(each.area for each in rows if each.selected))
    count, total = len({each.id for each in rows if each.selected}), len({each.id for each in catalogue})
    description = f"{', '.join(areas)}; {count} of {total} requirements" if areas else "nothing"
    return Results(
        run=RunInfo(
            id="20261122T134000Z-7f3a",
            started="2026-11-22T13:40:00Z",
            finished=None if state is RunState.ABORTED else "2026-11-22T13:40:09Z",
            state=state,
            suite_version="0.1.0",
            command="tkg-conformance run --area zone --area identity --out out",
            selection=Selection(description, areas=areas, count=count, total=total),
            abort_reason=abort_reason,
        ),
        environment=LAB_ENVIRONMENT if environment is None else environment,
        verdict=verdict,
        verdict_reason=reason,
        results=rows,
        catalogue=catalogue,
        areas=AREAS,
        rests_on=RESTS_ON,
        proof=proof,
        waivers=waivers,
    )


def previous_run() -> Results:
    """Return a run of the day before on the lab of `every_verdict`, with more in order there."""
    missing = replace(MISSING_TAG, object="Category k8s-zone", message="the category is missing")
    unlabelled = replace(MISSING_LABEL, object="Node dev/wl1/wl1-md-0-old")
    rows = (
        replace(EVERY_VERDICT[0], verdict=Verdict.FAIL, reason=missing.message, findings=(missing,)),
        replace(EVERY_VERDICT[1], verdict=Verdict.PASS, reason="each has one tag (examined 3)", findings=()),
        EVERY_VERDICT[2],
        replace(
            EVERY_VERDICT[3],
            verdict=Verdict.FAIL,
            reason="the Node lacks both labels (and 1 more)",
            examined=Examined(2, (MISSING_LABEL.object, unlabelled.object)),
            findings=(MISSING_LABEL, unlabelled),
            blocked_by=None,
        ),
        *EVERY_VERDICT[4:9],
        row("IDENT-7", Verdict.PASS, "it logged in (examined 1)", examined=Examined(1, ("account suite",))),
        *EVERY_VERDICT[10:],
    )
    environment = {**LAB_ENVIRONMENT, "versions": {**LAB_ENVIRONMENT["versions"], "CAPV": "1.15.0"}}
    former = results(rows, environment=environment)
    return replace(former, run=replace(former.run, id="20261121T134000Z-11aa", started="2026-11-21T13:40:00Z"))


def every_verdict() -> Results:
    """Return a lab run with every verdict, a crash, a proof, a previous run, and a site to draw."""
    evidence = EvidenceFile("observation.json", "a" * 64, 123_456, "what was seen of the site")
    run = results(proof=PROOF)
    return replace(
        run,
        topology=pictures.topology(),
        timeline=pictures.TIMELINE,
        comparison=compare(previous_run(), run),
        evidence=(evidence,),
    )


def certified_site() -> Results:
    """Return a certified run on a real site, one area of which is not claimed."""
    rows = (
        EVERY_VERDICT[0],
        row("ZONE-8", Verdict.PASS, "both labels are present (examined 6)", examined=Examined(6, ("Node dev/wl1/a",))),
        row("IDENT-1", Verdict.NOT_APPLICABLE, "the configuration names no alternate account"),
        EVERY_VERDICT[-1],
    )
    return results(rows, environment={"kind": "site", "name": "Berlin 2", "versions": {}, "sight": {}})


def waived_site() -> Results:
    """Return a run on a real site whose one violation is waived."""
    waiver = {
        "requirement": "ZONE-3",
        "scope": None,
        "owner": "storage team",
        "approver": "head of platform",
        "reason": "cluster2 is being emptied",
        "expires": "2026-12-31",
    }
    return results(EVERY_VERDICT[:6], environment={"kind": "site", "versions": {}, "sight": {}}, waivers=(waiver,))


def aborted_run() -> Results:
    """Return a run that lost its site."""
    rows = (EVERY_VERDICT[0], row("ZONE-8", Verdict.NOT_RUN, "the run was aborted"))
    return results(rows, state=RunState.ABORTED, abort_reason="vc01.example.org no longer answers (3 attempts in 30 s)")


HOSTILE = "<script>alert('x')</script>&amp;]]>\x1b[31mred\x1b[0m\x00\x07\u202egnp.exe\ud800 {{ 7*7 }}"


def hostile_names() -> Results:
    """Return a run on objects whose names attack every format."""
    finding = replace(
        MISSING_TAG, object=f"VirtualMachine /dc0/vm/{HOSTILE}", observed=HOSTILE, message=HOSTILE, remediation=HOSTILE
    )
    rows = (
        row("ZONE-3", Verdict.FAIL, HOSTILE, findings=(finding,), examined=Examined(1, (HOSTILE,)), notes=(HOSTILE,)),
        row("ZONE-8", Verdict.INCONCLUSIVE, HOSTILE, scope=f"dev/{HOSTILE}"),
    )
    environment = {
        "kind": "site",
        "name": HOSTILE,
        "versions": {HOSTILE: HOSTILE},
        "sight": {},
        HOSTILE: [HOSTILE, {HOSTILE: 1}],
    }
    return results(rows, environment=environment)


def aborted_before_observing() -> Results:
    """Return a run that never reached its site."""
    rows = (row("ZONE-8", Verdict.NOT_RUN, "the run was aborted before: the login was refused", scope="cluster"),)
    environment: dict[str, Any] = {"kind": "unknown", "versions": {}, "sight": {}}
    return results(rows, environment=environment, state=RunState.ABORTED, abort_reason="the login was refused")


SAMPLES = {
    "aborted-before-observing": aborted_before_observing,
    "every-verdict": every_verdict,
    "certified-site": certified_site,
    "waived-site": waived_site,
    "aborted-run": aborted_run,
    "hostile-names": hostile_names,
}
