"""Embedded PostgreSQL and Valkey, and the supervisor that runs the platform on one machine."""
