"""Django's PostgreSQL, as `DATABASES["default"]["ENGINE"]`: what a call needs no round trip for."""
