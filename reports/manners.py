"""Says how the site was treated: who looked, with what sight, how many requests, and that nothing was written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tkg_conformance.reports.words import counted


def manners(environment: Mapping[str, Any]) -> tuple[str, ...]:
    """Return sentences about the look at the site, without a full stop; none if the results do not tell.

    `environment` is that of the results: `vcenters` with `server` and `account`, `sight` by server, and `requests`
    with `total` and `refused`, the number of calls that were not sent because they do not only read. `probes`, if there
    are any, has `runs` with their `requests`, `writes`, and what they `created` and left over.
    """
    return (*_sight(environment), *_requests(environment), *_probes(environment))


def _sight(environment: Mapping[str, Any]) -> Iterator[str]:
    sights = _mapping(environment.get("sight"))
    for vcenter in environment.get("vcenters") or ():
        if not isinstance(vcenter, Mapping) or not vcenter.get("account"):
            continue
        server = str(vcenter.get("server", ""))
        sight = _mapping(sights.get(server))
        if "limited" not in sight:
            seen = "it was not determined what it may see"
        elif sight["limited"]:
            seen = f"it does not see everything: {sight.get('reason') or 'part of the inventory is hidden from it'}"
        else:
            seen = "it sees the whole inventory"
        yield f"looked at vCenter {server} as {vcenter['account']}; {seen}"


def _requests(environment: Mapping[str, Any]) -> Iterator[str]:
    requests = _mapping(environment.get("requests"))
    if "total" not in requests:
        return
    text = f"{counted(int(requests['total']), 'request')} to look, all of them reading"
    refused = int(requests.get("refused") or 0)
    if refused:
        text += f"; {counted(refused, 'call')} that could write {'was' if refused == 1 else 'were'} refused, not sent"
    yield text


def _probes(environment: Mapping[str, Any]) -> Iterator[str]:
    runs = _mapping(environment.get("probes")).get("runs")
    if not runs:
        return
    sent, written = (sum(int(run.get(key) or 0) for run in runs) for key in ("requests", "writes"))
    made, left = (sum(len(run.get(key) or ()) for run in runs) for key in ("created", "leftovers"))
    text = f"{counted(sent, 'request')} to probe"
    if written:
        remains = counted(left, "leftover") if left else "nothing left over"
        text += f", {written} of them writing; {counted(made, 'object')} created, {remains}"
    yield text


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
