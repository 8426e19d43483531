"""Site pages of conversations."""
