"""Small catalogues, results and processes for the plugin's own tests."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path
from typing import Any

from tkg_conformance.plugins.catalogue import Catalogue
from tkg_conformance.reports.records import Area, Finding, Level, Requirement, Result, Severity, Verdict

AREA = Area("zone", "ZONE", "Zones", "page", "Nodes know their zone.")
OTHER = Area("identity", "IDENT", "Accounts", "page", "Clusters run under another account.")


def requirement(id_: str, **changes: Any) -> Requirement:
    values: dict[str, Any] = {
        "id": id_,
        "title": f"{id_} holds",
        "must": f"{id_} MUST hold.",
        "area": "identity" if id_.startswith("IDENT") else "zone",
        "level": Level.REQUIRED,
        "scope": "site",
        "planes": ("VC",),
        "provenance": ("D",),
        "applies": "always",
        "severity": Severity.MAJOR,
        "source": (("page", "step 1"),),
        "expected": "as required",
        "remediation": "mend it",
    }
    return Requirement(**(values | changes))


def catalogue(*requirements: Requirement) -> Catalogue:
    return Catalogue((AREA, OTHER), requirements)


def result(id_: str, verdict: Verdict, *objects: str, scope: str = "site", **changes: Any) -> Result:
    values: dict[str, Any] = {
        "id": id_,
        "title": id_,
        "area": "zone",
        "level": Level.REQUIRED,
        "scope": scope,
        "verdict": verdict,
        "reason": "seen",
        "findings": tuple(Finding(each, "good", "bad", f"{each} is bad") for each in objects),
    }
    return Result(**(values | changes))


def interruptible(arguments: list[str], *, cwd: Path, **options: Any) -> subprocess.Popen[str]:
    """Start a process that SIGINT reaches even where the tests run in the background, which ignores it for children."""
    return subprocess.Popen(
        arguments,
        cwd=cwd,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **options,
    )
