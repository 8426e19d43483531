"""Seats, progress and reviews of the API."""
