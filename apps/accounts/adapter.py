"""How allauth's pages reach our services."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """allauth signs in and verifies; registering, devices and mails are ours."""
