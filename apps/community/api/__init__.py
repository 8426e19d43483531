"""The API of the community."""
