"""The landing page: a real question answered on the spot, its card, its dates; figures counted from rows."""
