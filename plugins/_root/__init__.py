"""Proves whether Tanzu Kubernetes Grid workload clusters on vSphere do what the page "Clusters on vSphere" promises."""

from __future__ import annotations

__version__ = "0.1.0"
