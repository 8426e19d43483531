"""The operator's first-run page in the admin: what is configured, what is missing, what works."""
