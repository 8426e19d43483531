"""The pages of the habit."""
