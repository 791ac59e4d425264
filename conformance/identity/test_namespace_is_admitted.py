"""IDENT-11: the cluster's namespace is admitted by the identity."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.identity.accounts import identity_of
from tkg_conformance.fixtures.models.identity import SelectorError, admits, is_unrestricted
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("IDENT-11")
def test_namespace_is_admitted(check: Check, site: Site, cluster: Cluster) -> None:
    identity = identity_of(check, site, cluster)
    if identity.resource is None:
        check.inconclusive(f"{identity.ref} does not exist; see IDENT-2")
    namespace = site.management.get("Namespace", cluster.namespace)
    if namespace is None:
        check.inconclusive(f"the labels of namespace {cluster.namespace} were not seen on the management cluster")
    check.examine(namespace)
    allowed = identity.allowed_namespaces
    try:
        is_admitted = admits(allowed, namespace.labels)
        denied = [each.name for each in site.management.all("Namespace") if not admits(allowed, each.labels)]
    except SelectorError as error:
        check.inconclusive(f"the selector of {identity.ref} is refused, because {error}; see IDENT-3")
    if is_unrestricted(allowed):
        check.note(f"{identity.ref} admits every namespace, so none is there to be denied")
    elif denied:
        check.note(f"{identity.ref} denies clusters in {', '.join(sorted(denied))}")
    if not is_admitted:
        labels = ", ".join(f"{key}={value}" for key, value in sorted(namespace.labels.items()))
        check.fail(
            namespace,
            expected=f"labels that match the selector of {identity.ref}",
            observed=f"{labels or 'no labels'}{_refusal(cluster)}",
            message=f"namespace {cluster.namespace} is not admitted by {identity.ref}, so CAPV refuses {cluster.name}",
            involves=[identity.ref],
        )


def _refusal(cluster: Cluster) -> str:
    """Return CAPV's own word, as the end of a sentence; it comes when CAPV looks at the cluster again."""
    condition = cluster.vsphere_cluster.condition("VCenterAvailable") if cluster.vsphere_cluster else None
    return f"; CAPV says {condition.describe()}" if condition and not condition.is_true else ""
