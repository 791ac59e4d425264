"""Outcomes of the section on workload clusters under another vSphere account (IDENT)."""
