"""Site pages of seats and reviews."""
