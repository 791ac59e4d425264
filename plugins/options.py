"""The plugin's options: each has a flag, an environment variable and an ini key, in this order of precedence."""

from __future__ import annotations

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

DEFAULT_OUT = "tkg-conformance-results"


@dataclass(frozen=True)
class Printed:
    """The command that was printed for a session, among its plugins; what pytest was called with may say more."""

    command: str


@dataclass(frozen=True)
class Option:
    """One option in its three forms: `--tkg-site`, `TKG_CONFORMANCE_SITE`, `tkg_site`.

    An `explicit` one has the first only: what writes to a site or takes long is a step of its own, which no variable
    that was left in an environment and no ini file can take.
    """

    name: str
    help: str
    metavar: str | None = None
    many: bool = False
    const: str | None = None
    switch: bool = False
    explicit: bool = False

    @property
    def flag(self) -> str:
        """The command line flag."""
        return f"--tkg-{self.name}"

    @property
    def variable(self) -> str:
        """The environment variable."""
        return f"TKG_CONFORMANCE_{self.name.upper().replace('-', '_')}"

    @property
    def dest(self) -> str:
        """The ini key and the attribute in pytest's namespace."""
        return f"tkg_{self.name.replace('-', '_')}"


# Help texts: a phrase, capital first, no full stop.
OPTIONS = (
    Option("site", "Site file that describes the site to judge", "FILE"),
    Option("lab", "Judge the simulated lab: start it, or use the running one of folder DIR", "DIR", const=""),
    Option("observation", "Judge a stored observation; nothing is read from a site", "FILE"),
    Option("out", f"Folder for results.json and the reports (default: {DEFAULT_OUT})", "DIR"),
    Option("cluster", "Judge only this workload cluster; may be given several times", "NS/NAME", many=True),
    Option("area", "Judge only this area; may be given several times", "AREA", many=True),
    Option("require", "Judge only this requirement; may be given several times", "ID", many=True),
    Option("profile", "Profile file: levels of requirements and how the site differs from the page", "FILE"),
    Option(
        "create",
        "Create this cluster first, where the site file allows it, and delete it after the judgement",
        "FILE",
        explicit=True,
    ),
    Option(
        "create-timeout",
        "Seconds to wait for the created cluster, and for its end (default: 1800)",
        "SECONDS",
        explicit=True,
    ),
    Option("keep", "Do not delete the created cluster", switch=True, explicit=True),
    Option(
        "resume",
        "Finish a killed run with --tkg-create, from the ledger in the folder of --tkg-out",
        switch=True,
        explicit=True,
    ),
    Option(
        "probe",
        "Probe the site after looking (tkr, nodes, traffic, volumes, identity), and judge what that shows; may be given"
        " several times",
        "NAME",
        many=True,
        explicit=True,
    ),
    Option(
        "probe-time",
        "Seconds that each probe may take (default: from 120 for identity to 1200 for tkr)",
        "SECONDS",
        explicit=True,
    ),
    Option(
        "probes",
        "What probes saw, with --tkg-observation (default: the probes.json beside it, if any)",
        "FILE",
        explicit=True,
    ),
    Option("proof", "Proof of detection that the reports name (default: the last whole one of this suite)", "FILE"),
    Option(
        "previous",
        "Former results.json, or its folder, to compare with (default: that in the folder of --tkg-out, if any)",
        "RESULTS",
        explicit=True,
    ),
    Option("scenario", "Scenario that the started lab runs (default: default)", "NAME"),
    Option("vcenter", "How the started lab runs vCenter: process or container (default: process)", "HOW"),
    Option("vcenter-image", "Container image of vCenter instead of the one built here", "IMAGE"),
)

SOURCES = ("site", "lab", "observation")
OF_STARTED_LAB = ("vcenter", "vcenter-image")
PATHS = ("site", "observation", "out", "profile", "create", "probes", "proof", "previous")
SECONDS = ("create-timeout", "probe-time")


@dataclass(frozen=True)
class Options:
    """What the user asked for."""

    site: Path | None = None
    lab: str | None = None
    observation: Path | None = None
    out: Path = Path(DEFAULT_OUT)
    cluster: tuple[str, ...] = ()
    area: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    profile: Path | None = None
    scenario: str = "default"
    vcenter: str = "process"
    vcenter_image: str = ""
    create: Path | None = None
    create_timeout: float = 1800.0
    keep: bool = False
    resume: bool = False
    probe: tuple[str, ...] = ()
    probe_time: float | None = None
    probes: Path | None = None
    proof: Path | None = None
    previous: Path | None = None

    @property
    def active(self) -> bool:
        """Tell whether there is something to judge; without it the plugin stays dormant."""
        return self.site is not None or self.lab is not None or self.observation is not None


def add_options(parser: pytest.Parser) -> None:
    """Declare the flags and their ini twins."""
    group = parser.getgroup("tkg-conformance", "TKG on vSphere conformance")
    for option in OPTIONS:
        extra: dict[str, Any] = {
            "dest": option.dest,
            "default": None,
            "help": option.help,
            **({} if option.switch else {"metavar": option.metavar}),
        }
        if option.many:
            extra |= {"action": "append"}
        elif option.switch:
            extra |= {"action": "store_const", "const": "true"}
        elif option.const is not None:
            extra |= {"nargs": "?", "const": option.const}
        group.addoption(option.flag, **extra)
        if option.explicit:
            continue
        kind: Literal["args", "string"] = "args" if option.many else "string"
        parser.addini(option.dest, f"{option.help} (as {option.flag})", type=kind, default=None)


def read_options(config: pytest.Config, environ: Mapping[str, str] = os.environ) -> Options:
    """Return the options of a session.

    Of what is to be judged (site, lab, observation) the nearest place decides: the command line, else the environment,
    else the ini file.

    Raises:
        pytest.UsageError: if two of them contradict each other in one place.
    """
    places = (_from_command_line(config), _from_environment(environ), _from_ini(config))
    values: dict[str, Any] = {name: value for place in reversed(places) for name, value in place.items()}
    for place in places:
        sources = [name for name in SOURCES if name in place]
        if len(sources) > 1:
            flags = " and ".join(f"--tkg-{name}" for name in sources)
            raise pytest.UsageError(f"{flags} exclude each other; give the one thing that is to be judged.")
        if sources:
            values = {name: value for name, value in values.items() if name in sources or name not in SOURCES}
            break
    _refuse_for_others(values, places[0])
    values |= {name: Path(values[name]) for name in PATHS if name in values}
    values |= {option.name: True for option in OPTIONS if option.switch and option.name in values}
    values |= {name: _seconds(values[name], f"--tkg-{name}") for name in SECONDS if name in values}
    options = Options(**{name.replace("-", "_"): value for name, value in values.items()})
    _check_creation(options)
    _check_probes(options)
    return options


def _refuse_for_others(values: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Refuse flags about a lab to be started where none is: what runs or is stored already cannot be chosen."""
    if values.get("lab") == "":
        return
    for name in OF_STARTED_LAB:
        judged = next((source for source in SOURCES if source in values), None)
        if name in given and judged is not None:
            raise pytest.UsageError(
                f"--tkg-{name} chooses what a lab is started with, but --tkg-{judged} names what is there already;"
                " give it with --tkg-lab (without a folder) only."
            )


def _seconds(text: str, flag: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < math.inf:
        raise pytest.UsageError(f"{flag}: expected a number of seconds above 0, found {text!r}.")
    return seconds


def _check_creation(options: Options) -> None:
    """Refuse what contradicts itself: a cluster is created on a site, and one that was begun is not begun again."""
    begun = [name for name, given in (("create", options.create), ("resume", options.resume)) if given]
    if len(begun) > 1:
        raise pytest.UsageError(
            "--tkg-create and --tkg-resume exclude each other: the ledger names the cluster's file."
        )
    if options.keep and not begun:
        raise pytest.UsageError("--tkg-keep has a meaning only together with --tkg-create or --tkg-resume.")
    if begun and options.observation is not None:
        raise pytest.UsageError(f"--tkg-{begun[0]} needs a site; a stored observation is none.")
    if begun and options.lab == "":
        raise pytest.UsageError(
            f"--tkg-{begun[0]} needs a running lab (its cluster.example.yaml is a file to create): start one with "
            "`tkg-conformance lab up --dir DIR` and name its folder."
        )


def _check_probes(options: Options) -> None:
    """Refuse what contradicts itself: a stored observation and a resumed run have been looked at already."""
    if options.probe_time is not None and not options.probe:
        raise pytest.UsageError("--tkg-probe-time has a meaning only together with --tkg-probe.")
    if options.probe and options.observation is not None:
        raise pytest.UsageError(
            "--tkg-probe needs a site; a stored observation is none, and what probes saw of it is read with it."
        )
    if options.probe and options.resume:
        raise pytest.UsageError("--tkg-probe and --tkg-resume exclude each other: probe in a run of its own.")
    if options.probes is not None and options.observation is None:
        raise pytest.UsageError("--tkg-probes names what probes saw of --tkg-observation; give both or neither.")


def _from_command_line(config: pytest.Config) -> dict[str, Any]:
    found = {option.name: config.getoption(option.dest) for option in OPTIONS}
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in found.items() if value is not None
    }


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the options that are set; an empty variable is unset, except that an empty LAB asks for a fresh lab."""
    found = {
        option: environ[option.variable] for option in OPTIONS if option.variable in environ and not option.explicit
    }
    return {
        option.name: tuple(text.split()) if option.many else text
        for option, text in found.items()
        if text or option.const is not None
    }


def _from_ini(config: pytest.Config) -> dict[str, Any]:
    """Return the options that are set; paths are relative to the ini file, as pytest's own are."""
    base = config.inipath.parent if config.inipath else config.rootpath
    found = {option: config.getini(option.dest) for option in OPTIONS if not option.explicit}
    return {
        option.name: tuple(value) if option.many else str(base / value) if option.name in (*PATHS, "lab") else value
        for option, value in found.items()
        if value
    }
