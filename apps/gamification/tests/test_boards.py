"""Leaderboards: who is shown, in what order, and that Redis can be wrong or away."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone
from django_redis import get_redis_connection
from redis.exceptions import ConnectionError as RedisAway

from apps.accounts.services import roles
from apps.core.errors import Conflict
from apps.courses.tests.factories import CourseFactory
from apps.enrollment.models import Enrollment
from apps.enrollment.services.seats import cancel_seat
from apps.gamification.models import Act, CourseTotal, Entrant
from apps.gamification.selectors import standings
from apps.gamification.selectors.deeds import Deed
from apps.gamification.selectors.standings import Board
from apps.gamification.services import acts, boards, choices, proving
from apps.social.services import block, change_profile, unblock

from .boards import LAST_WEEK, NOW, Class

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked_again(monkeypatch):
    monkeypatch.setattr(standings, "_away_until", 0.0)
    monkeypatch.setattr(standings, "timezone", SimpleNamespace(now=lambda: NOW))


@pytest.fixture
def redis_away(monkeypatch):
    def away(_alias):
        raise RedisAway

    monkeypatch.setattr(standings, "get_redis_connection", away)


@pytest.fixture
def school():
    return Class()


def held(course, period="all"):
    """Who is in the sorted set."""
    rows = get_redis_connection("default").zrange(f"board:1:{course.pk}:{period}", 0, -1)
    return [int(pk) for pk in rows if pk != b"-"]


# ── Order ─────────────────────────────────────────────────────────────────────────────────────
def test_ties_share_a_rank_and_the_first_to_get_there_stands_first(school):
    first = school.add("anna", 3)
    school.add("late", 2, at=NOW)
    school.add("early", 2, at=NOW - timedelta(hours=1))
    school.add("last", 1)
    assert school.shown(first) == [
        (1, "anna", 60),
        (2, "early", 40),
        (2, "late", 40),
        (4, "last", 20),
    ]


def test_a_week_begins_anew_and_all_time_does_not(school):
    anna = school.add("anna", 5, at=LAST_WEEK)
    boris = school.add("boris", 1)
    assert school.shown(anna) == [(1, "boris", 20), (2, "anna", 0)]
    assert school.shown(boris) == [(1, "boris", 20)]
    assert school.shown(boris, "all") == [(1, "anna", 100), (2, "boris", 20)]
    assert school.board(boris).participants == 2


def test_the_week_is_that_of_the_viewers_study_day(school):
    """On Sunday evening in Moscow it is Monday in Tokyo, and the board there is empty."""
    anna = school.add("anna", 1)
    viewer = school.add("viewer", joins=False)
    viewer.timezone = "Asia/Tokyo"
    sunday = NOW.replace(day=8, hour=20)
    assert [place.xp for place in school.board(anna, at=sunday).places] == [20]
    assert school.board(viewer, at=sunday).places == []


def test_the_first_ten_and_the_ten_around_oneself(school):
    people = [school.add(f"p{number:02}", 40 - number) for number in range(30)]
    ranks = [place.rank for place in school.board(people[20]).places]
    assert ranks == [*range(1, 11), *range(16, 27)]
    board = school.board(people[20])
    assert (board.me.rank, board.has_gap, board.participants) == (21, True, 30)
    assert [place.rank for place in board.around] == [*range(16, 27)]
    # at an edge more from the other side
    assert [p.rank for p in school.board(people[0]).around] == [*range(1, 12)]
    assert [p.rank for p in school.board(people[29]).around] == [*range(20, 31)]
    assert [p.rank for p in school.board(people[27]).around] == [*range(20, 31)]
    assert not school.board(people[12]).has_gap
    # who isn't on it sees the first
    stranger = school.add("guest", joins=False)
    board = school.board(stranger)
    assert [place.rank for place in board.places] == [*range(1, 11)]
    assert (board.me, board.is_entrant, board.obstacle) == (None, False, "")


def test_without_redis_it_is_the_same(school, monkeypatch):
    people = [school.add(f"p{number:02}", number % 7) for number in range(25)]
    block(blocker=people[3], blocked=people[8], at=NOW)
    views = [(viewer, period) for viewer in people for period in ("week", "all")]
    before = [school.board(*view) for view in views]
    assert len(held(school.course)) == 25

    def away(_alias):
        raise RedisAway

    monkeypatch.setattr(standings, "get_redis_connection", away)
    assert [school.board(*view) for view in views] == before


# ── The truth ─────────────────────────────────────────────────────────────────────────────────
def test_totals_equal_sums_over_the_log(school):
    anna = school.add("anna", 3, at=LAST_WEEK)
    school.learn(anna, 2)
    review = Deed("review", "9", NOW, school.course.pk)
    acts.settle(user_id=anna.pk, deed=review, holds=True, at=NOW)
    acts.settle(user_id=anna.pk, deed=review, holds=False, at=NOW)
    rows = Act.objects.filter(user=anna, course_id=school.course.pk)
    in_all = rows.aggregate(found=Sum("points"))["found"]
    totals = dict(CourseTotal.objects.filter(user=anna).values_list("week", "points"))
    monday = boards.monday_of(NOW.date())
    assert totals == {None: in_all, monday: 40, monday - timedelta(days=7): 60}
    assert proving._drift(None) == []


def test_points_correct_the_set(school):
    anna, boris = school.add("anna", 1), school.add("boris", 2)
    assert school.shown(anna, "all")[0][1] == "boris"
    school.learn(anna, 2)
    assert held(school.course) == [anna.pk, boris.pk]
    assert school.shown(anna, "all") == [(1, "anna", 60), (2, "boris", 40)]


def test_an_older_figure_does_not_follow_a_newer_one(school):
    anna = school.add("anna", 3)
    school.board(anna)
    board = Board(school.course.pk, None)
    version = Act.objects.latest("id").pk
    standings.correct(anna.pk, [(board, standings.score_of(20, NOW))], version - 1)
    assert standings.drift(board) == 0


def test_a_set_that_is_wrong_is_noticed_and_mended(school):
    anna, boris = school.add("anna", 2), school.add("boris", 1)
    gone = school.add("gone", 3)
    school.board(anna)
    redis = get_redis_connection("default")
    key = f"board:1:{school.course.pk}:{boards.monday_of(NOW.date())}"
    Entrant.objects.filter(user=gone).delete()  # and Redis was not told
    redis.zadd(key, {f"{boris.pk:012d}": standings.score_of(5000, NOW)})
    redis.zrem(key, f"{anna.pk:012d}")
    assert school.shown(anna) == [(1, "anna", 40), (2, "boris", 20)]
    assert len(redis.zrange(key, 0, -1)) == 3  # with the one behind all


def test_a_set_is_not_kept_for_good(school):
    school.board(school.add("anna", 1))
    redis = get_redis_connection("default")
    keys = redis.keys("board:*")
    assert keys
    assert all(0 < redis.ttl(key) <= standings.LIFETIME for key in keys)


def test_who_changes_while_a_set_is_made_is_in_it_as_they_are_then(school, monkeypatch):
    anna, boris = school.add("anna", 1), school.add("boris", 2)
    read = standings.scores_from_rows

    def read_and_then_it_changes(board):
        found = read(board)
        monkeypatch.setattr(standings, "scores_from_rows", read)
        school.learn(anna, 4)
        boards.leave(user_id=boris.pk, course_id=school.course.pk)
        return found

    get_redis_connection("default").flushdb()
    monkeypatch.setattr(standings, "scores_from_rows", read_and_then_it_changes)
    board = Board(school.course.pk, None)
    assert standings.build(board)
    assert held(school.course) == [anna.pk]
    assert standings.drift(board) == 0


def test_one_makes_it_and_others_read_the_rows(school, monkeypatch):
    monkeypatch.setattr(standings, "LONGEST_WAIT", 0.05)
    anna = school.add("anna", 1)
    board = Board(school.course.pk, None)
    redis = get_redis_connection("default")
    redis.set(board.keys[1], "somebody else", px=5000)
    assert not standings.build(board)
    assert school.shown(anna, "all") == [(1, "anna", 20)]
    assert held(school.course) == []


def test_a_board_without_people_is_kept_too(school):
    viewer = school.add("viewer", joins=False)
    board = school.board(viewer)
    assert (board.participants, board.places) == (0, [])
    assert get_redis_connection("default").keys("board:*")


# ── Who is shown ──────────────────────────────────────────────────────────────────────────────
def become_private(school, user):
    change_profile(user=user, changes={"is_profile_public": False})


def switch_off(school, user):
    choices.choose(user=user, changes={"is_on": False})


def be_banned(school, user):
    user.is_active, user.banned_at = False, NOW
    user.save()


def be_erased(school, user):
    user.erased_at, user.is_active = NOW, False
    user.save()


def lose_the_seat(school, user):
    seat = Enrollment.objects.get(student=user, course=school.course)
    cancel_seat(enrollment=seat, at=NOW)


def leave(school, user):
    boards.leave(user_id=user.pk, course_id=school.course.pk)


WAYS_OUT = [become_private, switch_off, be_banned, be_erased, lose_the_seat, leave]


@pytest.mark.parametrize("is_away", [False, True], ids=["redis", "rows"])
@pytest.mark.parametrize("go", WAYS_OUT, ids=lambda go: go.__name__)
def test_ranks_close_up_behind_who_goes(school, go, is_away, deliver_all, request):
    first, gone = school.add("first", 3), school.add("gone", 2)
    school.add("third", 1)
    assert len(school.shown(first)) == 3
    if is_away:
        request.getfixturevalue("redis_away")
    go(school, gone)
    # at once, before any event was heard of
    expected = [(1, "first", 60), (2, "third", 20)]
    for viewer in (first, school.add("guest", joins=False)):
        for period in ("week", "all"):
            assert school.shown(viewer, period) == expected
            assert school.board(viewer, period).participants == 2
    if not is_away:
        deliver_all()
        assert gone.pk not in held(school.course)


def test_those_whom_nobody_looks_at_go_as_well(school, deliver_all):
    """Not only the shown: otherwise a rank could be counted that isn't there."""
    for number in range(14):
        school.add(f"p{number:02}", 20 - number)
    gone = school.add("gone", 1)
    viewer = school.add("viewer", joins=False)
    assert school.board(viewer).participants == 15
    become_private(school, gone)
    deliver_all()
    assert school.board(viewer).participants == 14
    change_profile(user=gone, changes={"is_profile_public": True})
    deliver_all()
    assert school.board(viewer).participants == 15


def test_who_is_private_again_public_is_back_and_who_lost_the_seat_is_asked_again(
    school, deliver_all
):
    anna, boris = school.add("anna", 1), school.add("boris", 1)
    become_private(school, anna)
    lose_the_seat(school, boris)
    deliver_all()
    school.seat(boris)
    change_profile(user=anna, changes={"is_profile_public": True})
    deliver_all()
    assert [name for _rank, name, _xp in school.shown(anna)] == ["anna"]
    assert not Entrant.objects.filter(user=boris).exists()


@pytest.mark.parametrize("is_away", [False, True], ids=["redis", "rows"])
@pytest.mark.parametrize("who_blocks", ["viewer", "other"])
def test_who_is_kept_apart_is_not_there_for_the_two(school, who_blocks, is_away, request):
    if is_away:
        request.getfixturevalue("redis_away")
    other, middle = school.add("other", 3), school.add("middle", 2)
    viewer = school.add("viewer", 1)
    pair = (viewer, other) if who_blocks == "viewer" else (other, viewer)
    block(blocker=pair[0], blocked=pair[1], at=NOW)
    assert school.shown(viewer) == [(1, "middle", 40), (2, "viewer", 20)]
    assert school.board(viewer).participants == 2
    assert school.shown(other) == [(1, "other", 60), (2, "middle", 40)]
    assert school.shown(middle) == [(1, "other", 60), (2, "middle", 40), (3, "viewer", 20)]
    unblock(blocker=pair[0], blocked=pair[1])
    assert len(school.shown(viewer)) == 3


def test_a_page_is_full_though_many_are_kept_apart(school):
    people = [school.add(f"p{number:02}", 40 - number) for number in range(40)]
    viewer = people[30]
    apart = [people[at] for at in (0, 1, 2, 3, 4, 26, 27, 28, 31, 32)]
    for other in apart:
        block(blocker=viewer, blocked=other, at=NOW)
    board = school.board(viewer)
    assert [place.rank for place in board.leaders] == [*range(1, 11)]
    assert (board.me.rank, board.participants) == (31 - 8, 30)
    assert [place.rank for place in board.around] == [*range(18, 29)]
    assert not {place.user.pk for place in board.places} & {other.pk for other in apart}


# ── Taking part ───────────────────────────────────────────────────────────────────────────────
def test_joining_twice_is_joining_once_and_leaving_can_be_repeated(school):
    anna = school.add("anna", joins=False)
    assert boards.join(user=anna, course=school.course, at=NOW)
    assert not boards.join(user=anna, course=school.course, at=NOW)
    assert Entrant.objects.filter(user=anna).count() == 1
    assert boards.leave(user_id=anna.pk, course_id=school.course.pk)
    assert not boards.leave(user_id=anna.pk, course_id=school.course.pk)


@pytest.mark.parametrize(
    ("stand_in_the_way", "word"),
    [(become_private, "public profile"), (switch_off, "switched"), (lose_the_seat, "learn")],
)
def test_what_keeps_somebody_from_joining_is_told(school, stand_in_the_way, word):
    anna = school.add("anna", joins=False)
    stand_in_the_way(school, anna)
    anna.refresh_from_db()
    with pytest.raises(Conflict, match=word):
        boards.join(user=anna, course=school.course, at=NOW)
    assert not Entrant.objects.exists()


def test_a_ban_takes_the_place(school, admin, deliver_all):
    anna, boris = school.add("anna", 1), school.add("boris", 1)
    assert len(school.shown(anna, "all")) == 2
    roles.ban_user(user=boris, by=admin, at=NOW)
    deliver_all()
    assert held(school.course) == [anna.pk]


# ── Proving ───────────────────────────────────────────────────────────────────────────────────
def test_the_command_mends_what_differs_and_tells(school, capsys):
    anna, boris = school.add("anna", 2), school.add("boris", 1)
    other = Class()
    other.add("other", 1)
    school.board(anna, "all")
    CourseTotal.objects.filter(user=anna, week=None).update(points=999)
    CourseTotal.objects.filter(user=boris).delete()
    CourseTotal.objects.create(user=boris, course=CourseFactory(), points=7)
    call_command("rebuild_leaderboards", course=school.course.pk)
    assert "3 totals of 2 people differed" in capsys.readouterr().out
    assert proving._drift(None) == []
    assert school.shown(anna, "all") == [(1, "anna", 40), (2, "boris", 20)]
    get_redis_connection("default").zadd(
        f"board:1:{school.course.pk}:all", {f"{boris.pk:012d}": standings.score_of(1, NOW)}
    )
    call_command("rebuild_leaderboards")
    assert "0 totals of 0 people differed" in capsys.readouterr().out
    assert standings.drift(Board(school.course.pk, None)) == 0


def test_the_command_tells_what_is_wrong(redis_away, school):
    anna = school.add("anna", 1)
    CourseTotal.objects.filter(user=anna).update(points=7)
    with pytest.raises(CommandError, match="Redis doesn't answer"):
        call_command("rebuild_leaderboards")
    assert proving._drift(None) == []
    with pytest.raises(CommandError, match="no course"):
        call_command("rebuild_leaderboards", course=999_999)


# ── Races ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_many_at_once_leave_the_set_as_the_rows(school, monkeypatch):
    monkeypatch.undo()
    people = [school.add(f"p{number}", 1, at=timezone.now()) for number in range(4)]
    board = Board(school.course.pk, None)
    standings.build(board)
    numbers = iter(range(1000, 2000))
    lock = threading.Lock()

    def work(number):
        try:
            for step in range(6):
                person = people[(number + step) % 4]
                with lock:
                    source = str(next(numbers))
                deed = Deed("review", source, timezone.now(), school.course.pk)
                acts.record(user_id=person.pk, deeds=[deed])
                if number == 0:
                    standings.build(board)
                if number == 1:
                    boards.leave(user_id=person.pk, course_id=school.course.pk)
                    boards.join(user=person, course=school.course, at=timezone.now())
        finally:
            connection.close()

    workers = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Act.objects.filter(rule="review").count() == 36
    assert proving._drift(None) == []
    assert len(held(school.course)) == 4
    assert standings.drift(board) == 0


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_changes_no_place(school):
    anna = school.add("anna", 1)
    school.board(anna)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        Entrant.objects.filter(user=anna).delete()
        1 / 0  # noqa: B018
    assert school.shown(anna) == [(1, "anna", 20)]
