"""Outcomes of the section on CSI region and zone tags (ZONE)."""
