"""Self-tests of the catalogue and of the checks."""
