"""Outcomes of the section on datastore clusters through a storage policy (DSC)."""
