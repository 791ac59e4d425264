"""Outcomes of the section on multi-OS workload clusters (MOS)."""
