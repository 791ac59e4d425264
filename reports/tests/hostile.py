"""Names that attack formats, and a run in which everything that comes from a site is such a name."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from reports.tests import pictures, sample
from tkg_conformance.reports.compare import compare
from tkg_conformance.reports.records import EvidenceFile, Examined, Finding, Results, RunState, Verdict

_ATTACKS = (
    ("=1+1", "+1", "-1", "@SUM(A1)", "＝1", "\t=1", "\r=1", "=cmd|'/C calc'!A0", '"', '",=1+1,"', ";", ","),
    ("<b>", "</td>", "<script>alert(1)</script>", "<!--", "-->", "&lt;", "&amp;", "&#64;team", "]]>", "{{ 7*7 }}"),
    ("@team", "#12", "GH-12", "org/repo#12", "!12", ":smile:", ":white_check_mark:", "$x$", "a@b.co", "mailto:a@b.co"),
    ("http://a.b", "HTTPS://a.b/c_d", "www.example.org", "[a](b)", "![a](b)", "[a]: b", "[^1]", "[ ] a", "[!NOTE]"),
    ("`x`", "```", "~~~", "~~a~~", "*a*", "__a__", "| a |", "\\", "\\|", "\\`", "- a", "+ a", "* a", "1. a", "1) a"),
    ("# a", "> a", "---", "===", ":-:", "***", "    a", "  ", "\n", "\n\n", "\t", "|\n| - |\n"),
    (
        "null",
        "yes",
        "0o7",
        "1e3",
        "2026-11-22",
        "a: b",
        "- a",
        "&a b",
        "*a",
        "!!python/none",
        "---\n",
        "...\n",
        "%YAML",
    ),
    (
        "\x1b[31m",
        "\x1b]8;;http://a.b\x07",
        "\x00",
        "\x07",
        "\x85",
        "\x9b",
        "\u202e",
        "\u200b",
        "\ufeff",
        "\ufffe",
        "\ud800",
    ),
)
PIECES = tuple(dict.fromkeys(piece for attack in _ATTACKS for piece in attack))
ANY_TEXT = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), min_size=1, max_size=5).map("".join)


def run_with(text: str) -> Results:
    """Return a run with every part that results can have, where the site, its objects and its people have this name."""
    finding = Finding(
        object=text,
        expected=text,
        observed=text,
        message=text,
        involves=(text,),
        evidence=text,
        remediation=text,
        source=text,
    )
    examined = Examined(1, (text,))
    rows = (
        sample.row("ZONE-3", Verdict.FAIL, text, findings=(finding,), examined=examined, notes=(text,)),
        sample.row("ZONE-8", Verdict.BLOCKED, text, findings=(finding,), examined=examined, blocked_by="ZONE-3"),
        sample.row("ZONE-8", Verdict.INCONCLUSIVE, text, scope=f"dev/{text}"),
        sample.row("IDENT-1", Verdict.NOT_RUN, text, crashed=True),
    )
    environment = {
        "kind": "site",
        "name": text,
        "versions": {text: text},
        "vcenters": [{"server": text, "account": text, "instance_uuid": text}],
        "management": text,
        "clusters": [{"name": text, "type": text}],
        "sight": {text: {"limited": True, "reason": text, "blind": [text]}},
        "observed": {"problems": [text]},
        text: {text: [text]},
    }
    waiver = {"requirement": "ZONE-3", "scope": text, "owner": text, "approver": text, "reason": text, "expires": text}
    found = sample.results(
        rows, environment=environment, state=RunState.ABORTED, abort_reason=text, waivers=(waiver,), proof=sample.PROOF
    )
    site = pictures.topology()
    named = tuple(replace(each, name=text, zone=text, node=text, cluster=text) for each in site.objects)
    return replace(
        found,
        run=replace(found.run, command=text, suite_version=text),
        topology=replace(site, objects=named),
        timeline=tuple(replace(each, lane=text, what=text) for each in pictures.TIMELINE),
        comparison=compare(sample.previous_run(), found),
        evidence=(EvidenceFile(text, "a" * 64, 1, text),),
    )
