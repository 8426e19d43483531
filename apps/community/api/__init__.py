"""The community of the API."""
