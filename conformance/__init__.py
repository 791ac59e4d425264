"""What must hold on a TKG site: the catalogue of documented outcomes and one test per outcome."""
