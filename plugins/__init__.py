"""How pytest and people drive the suite: options, catalogue, engine, recording, command line."""
