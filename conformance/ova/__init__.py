"""Outcomes of the section on clusters from custom OVA images (OVA)."""
