"""MOS-25: OSImages that were taken out of a TKr are no longer resolved.

The resolver keeps an index from OSImage to TKr; an event of the OSImage puts a removed entry back until the resolver
restarts (tkr/resolver/internal/resolver_impl.go). A cluster that was made after the list was last written and still has
such an image shows it.
"""

from __future__ import annotations

import pytest

from tkg_conformance.conformance.multios.edits import last_edit
from tkg_conformance.conformance.multios.releases import releases, resolved_data
from tkg_conformance.fixtures.models.names import OS_IMAGE_LABEL
from tkg_conformance.fixtures.observation.views import Site
from tkg_conformance.fixtures.observation.views.transition import instant
from tkg_conformance.reports.check import Check


@pytest.mark.requirement("MOS-25")
def test_removed_images_stay_out(check: Check, site: Site) -> None:
    unlisted = [
        (release, cluster, place, name)
        for release in releases(check, site)
        for cluster in release.clusters
        for place, data in resolved_data(cluster)
        for name in sorted({str((each.get("labels") or {}).get(OS_IMAGE_LABEL) or "") for each in data.values()})
        if name and name not in release.images
    ]
    if not unlisted:
        check.not_applicable("no cluster was resolved to an OSImage that its TKr does not list")
    for release, cluster, place, name in unlisted:
        edit = last_edit(release.tkr, "osImages")
        created = instant(cluster.resource.created) if cluster.resource else None
        if edit is None or created is None:
            check.inconclusive(
                f"it is not known whether {cluster.ref} was made after {name} was taken out of {release.ref}"
            )
        check.examine(cluster.ref)
        if created <= edit.when:
            check.note(f"{cluster.ref} was resolved to {name} before {release.ref} was written by {edit.describe()}")
            continue
        check.fail(
            cluster.ref,
            expected=f"an OSImage that {release.ref} lists",
            observed=f"{name} for {place}; the Cluster is of {cluster.resource.created if cluster.resource else ''}",
            message=f"{cluster.ref} was resolved to {name} after it had been taken out of {release.ref}",
            involves=[release],
        )
