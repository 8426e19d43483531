"""Whether this browser shows the first steps: a mark in the session, so that no page asks for it.

It is put down where the steps begin and where Today finds them under way, and taken off at their end.
"""

from django.http import HttpRequest

MARK = "first_steps"
# accounts leaves it where somebody signed in on the way to a page of their own choosing
ELSEWHERE = "came_for"


def note_way(request: HttpRequest) -> None:
    if not is_on_way(request):
        request.session[MARK] = True


def leave_way(request: HttpRequest) -> None:
    request.session.pop(MARK, None)


def is_on_way(request: HttpRequest) -> bool:
    return bool(request.session.get(MARK))


def wants_elsewhere(request: HttpRequest) -> bool:
    return bool(request.session.get(ELSEWHERE))
