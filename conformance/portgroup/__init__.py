"""Outcomes of the section on distributed port group security (DVPG)."""
