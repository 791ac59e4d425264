"""MOS-13: the tkg-windows package is asked for by ClusterBootstrap and installed on the cluster."""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.releases import (
    PACKAGE,
    PACKAGE_PREFIX,
    TKR,
    bootstrap_of,
    names_in,
    package_ref,
    package_references,
    tkr_name,
)
from tkg_conformance.conformance.subjects import require_class_based, require_resource, require_workload
from tkg_conformance.conformance.systems import require_windows
from tkg_conformance.fixtures.observation.views import Cluster, Site
from tkg_conformance.fixtures.observation.views.kubernetes import KubernetesObject
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("MOS-13")
def test_package_is_installed(check: Check, site: Site, cluster: Cluster) -> None:
    require_windows(check, cluster)
    require_resource(check, cluster)
    require_class_based(check, cluster, "has no ClusterBootstrap that names packages")
    if not site.management.serves("ClusterBootstrap"):
        check.inconclusive("the management cluster serves no ClusterBootstrap (run.tanzu.vmware.com)")
    require_workload(check, cluster)
    _judge_bootstrap(check, site, cluster)
    _judge_install(check, cluster)


def _judge_bootstrap(check: Check, site: Site, cluster: Cluster) -> None:
    bootstrap = bootstrap_of(site, cluster)
    ref = site.management.ref("ClusterBootstrap", cluster.short_name, cluster.namespace)
    check.examine(ref)
    name = tkr_name(cluster)
    tkr = site.management.get(TKR, name) if name else None
    offered = [each for each in names_in(tkr, "bootstrapPackages") if each.startswith(PACKAGE_PREFIX)] if tkr else []
    found = [each for each in package_references(bootstrap) if each.startswith(PACKAGE_PREFIX)] if bootstrap else []
    if len(found) == 1 and found[0].startswith(f"{PACKAGE}.") and (not offered or found[0] in offered):
        return
    wanted = offered[0] if len(offered) == 1 else f"{PACKAGE}.<version>"
    listed = ", ".join(found) or f"no {PACKAGE_PREFIX} package"
    check.fail(
        ref,
        expected=f"spec.additionalPackages with refName {wanted}",
        observed=listed if bootstrap else "no such object",
        message=f"{ref} asks for {listed}" if bootstrap else f"{ref} does not exist",
        involves=[cluster.ref, *([tkr] if tkr else []), *(package_ref(site, each) for each in offered)],
    )


def _judge_install(check: Check, cluster: Cluster) -> None:
    installs = [each for each in cluster.workload.all("PackageInstall") if package_of(each).startswith(PACKAGE_PREFIX)]
    if not installs:
        ref = cluster.workload.ref("PackageInstall", PACKAGE_PREFIX)
        check.examine(ref)
        others = ", ".join(sorted(each.name for each in cluster.workload.all("PackageInstall")))
        check.fail(
            ref,
            expected=f"a PackageInstall of {PACKAGE}",
            observed=others or "no PackageInstall",
            message=f"no PackageInstall of {PACKAGE} is on {cluster.name}",
            involves=[cluster.management.ref("ClusterBootstrap", cluster.short_name, cluster.namespace)],
        )
    for install in check.each(installs):
        problem = not_reconciled(install)
        if problem:
            check.fail(
                install,
                expected="condition ReconcileSucceeded True",
                observed=problem,
                message=f"{install.ref} is not reconciled: {problem}",
                involves=[cluster.management.ref("ClusterBootstrap", cluster.short_name, cluster.namespace)],
            )


def package_of(install: KubernetesObject) -> str:
    """Return the name of the package that a PackageInstall installs."""
    return str(install.at("spec.packageRef.refName") or install.name)


def not_reconciled(install: KubernetesObject) -> str | None:
    """Return why a PackageInstall is not reconciled, None if it is."""
    succeeded = install.condition("ReconcileSucceeded")
    if succeeded is not None and succeeded.is_true:
        return None
    failed = install.condition("ReconcileFailed", "Reconciling")
    told = str(install.at("status.usefulErrorMessage") or "").strip()
    state = failed.describe() if failed else "no condition ReconcileSucceeded"
    return f"{state}: {told}" if told else state
