"""How long the catalogue thinks, and whether it is right: `make bench-search`."""
