"""Site pages of the forum and of discussions."""
