"""The API of learning, by subject."""
