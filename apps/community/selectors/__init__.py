"""What is read of the community."""
