"""Pages over many apps."""
