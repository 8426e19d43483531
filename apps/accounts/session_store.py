"""Web sessions in the database, as Django keeps them; found by a statement that is made once."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from apps.core.compiled import compiled

_live = compiled(lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Any:
        key = str(self.session_key)
        # a cookie may hold anything, even what can't be asked for
        found = _live.first(key=key, at=timezone.now()) if key.isprintable() else None
        if found is None:
            self._session_key = None
        return found
