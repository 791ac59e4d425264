"""DVPG-11: the MAC learning policy of the Windows nodes' port groups is reported."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.portgroup.segments import Network, segments_of
from tkg_conformance.conformance.portgroup.systems import require_windows
from tkg_conformance.conformance.subjects import conclude_hidden
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("DVPG-11")
def test_mac_learning_is_reported(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    segments = segments_of(check, site, cluster)
    unknown = [reason for network in segments.networks if (reason := _report(check, network))]
    conclude_hidden(check, unknown)
    if not check.examined.count:
        check.inconclusive(f"no network of a Windows node of {cluster.name} was seen; see DVPG-1")


def _report(check: Check, network: Network) -> str | None:
    """Note the policy; return why it is not known."""
    if network.portgroup is None:
        check.examine(network.ref)
        check.note(f"{network.ref}: a standard port group does not learn MAC addresses")
        return None
    setting = network.levels[0].setting if network.levels else {}
    if network.unreadable or not setting.get("mac"):
        return f"the MAC learning of {network.ref} is not known: {network.unreadable or 'no policy was told'}"
    check.examine(network.ref)
    learning = setting.get("learning") or {}
    state = {True: "enabled", False: "disabled", None: "not stated"}[learning.get("enabled")]
    told = ", ".join(f"{key} {value}" for key, value in sorted(learning.items()) if key != "enabled")
    check.note(f"{network.ref}: MAC learning {state}{f' ({told})' if told else ''}")
    return None
