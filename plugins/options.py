"""The plugin's options: each has a flag, an environment variable and an ini key, in this order of precedence."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest

DEFAULT_OUT = "tkg-conformance-results"


@dataclass(frozen=True)
class Option:
    """One option in its three forms: `--tkg-site`, `TKG_CONFORMANCE_SITE`, `tkg_site`."""

    name: str
    help: str
    metavar: str | None = None
    many: bool = False
    const: str | None = None

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
    Option("scenario", "Scenario that the started lab runs (default: default)", "NAME"),
)


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
            "metavar": option.metavar,
        }
        if option.many:
            extra |= {"action": "append"}
        elif option.const is not None:
            extra |= {"nargs": "?", "const": option.const}
        group.addoption(option.flag, **extra)
        kind: Literal["args", "string"] = "args" if option.many else "string"
        parser.addini(option.dest, f"{option.help} (as {option.flag})", type=kind, default=None)


def read_options(config: pytest.Config, environ: Mapping[str, str] = os.environ) -> Options:
    """Return the options of a session.

    Raises:
        pytest.UsageError: if two of them contradict each other.
    """
    values: dict[str, Any] = {}
    for option in OPTIONS:
        value = config.getoption(option.dest)
        if value is None and option.variable in environ:
            text = environ[option.variable]
            value = text.split() if option.many else text
        if value is None:
            value = config.getini(option.dest) or None
        if value is None:
            continue
        values[option.name] = tuple(value) if option.many else value
    for name in ("site", "observation", "out", "profile"):
        if name in values:
            values[name] = Path(values[name])
    options = Options(**values)
    sources = [f"--tkg-{name}" for name in ("site", "lab", "observation") if getattr(options, name) is not None]
    if len(sources) > 1:
        raise pytest.UsageError(f"{' and '.join(sources)} exclude each other; give the one thing that is to be judged.")
    return options
