"""The contract as a mobile app lives it: from the first account to the review of a finished course.

Every answer is also held against the OpenAPI description (see caller.py); here stand the names and
status codes of the contract itself, so that code and description can't move away from it together.
"""

import re
from datetime import timedelta

import jwt
import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from apps.accounts import keys
from apps.accounts.models import User
from apps.accounts.tests.factories import PASSWORD, AdminFactory
from apps.core import jobs
from apps.core.models import IdempotencyClaim
from apps.courses.tests.factories import CategoryFactory
from apps.learning.tests.factories import TEXT

from .caller import Caller, signed_in
from .description import document
from .world import MISSING, a_picture

pytestmark = pytest.mark.django_db

USER = set(
    "id email name username role is_verified email_verified bio avatar locale timezone "
    "created_at".split()
)
CARD = set(
    "id slug title subtitle price currency is_free level language duration_minutes category "
    "teacher thumbnail avg_rating review_count student_count created_at".split()
)
COURSE = CARD | set(
    "description description_html outcomes prerequisites tags status rating_histogram "
    "updated_at".split()
)
LESSON = set(
    "id course module title content content_html video_url duration_minutes is_preview position "
    "summary concepts".split()
)
SEAT = {"id", "course", "status", "progress_percent", "enrolled_at", "completed_at"}
PAYMENT = set("id course amount currency status provider checkout_url created_at".split())
PAGE = {"results", "next", "previous"}
MONEY = re.compile(r"\d+\.\d\d")


def registered(name, role):
    body = {"email": f"{name}@school.test", "password": PASSWORD, "name": name, "role": role}
    answer = Caller().post("/api/auth/register", body)
    assert answer.status_code == 201
    return Caller(answer.json()["access"]), answer.json()


def made(answer, status=201):
    assert answer.status_code == status, answer.content
    return answer.json()


def a_course(teacher, **fields):
    body = {
        "title": "Ink",
        "description": "Lines.",
        "category": "drawing",
        "price": "0.00",
        **fields,
    }
    course = made(teacher.post("/api/courses", body))["id"]
    module = made(teacher.post(f"/api/courses/{course}/modules", {"title": "One"}))["id"]
    lessons = [
        made(teacher.post(f"/api/modules/{module}/lessons", {"title": title}))["id"]
        for title in ("First", "Second")
    ]
    made(teacher.post(f"/api/courses/{course}/publish"), 200)
    return course, module, lessons


@pytest.fixture
def category():
    return CategoryFactory(slug="drawing", name_en="Drawing", name_ru="Рисование")


@pytest.fixture
def admin_app():
    return signed_in(AdminFactory(email="boss@school.test").email)


@pytest.fixture
def teacher_app(admin_app, category):
    app, answer = registered("irina", "teacher")
    made(admin_app.post(f"/api/admin/teachers/{answer['user']['id']}/verify"), 200)
    return app


@pytest.fixture
def student_app():
    return registered("dana", "student")[0]


# ── Identity ──────────────────────────────────────────────────────────────────────────────────
def test_an_account_from_registration_to_log_out():
    app, answer = registered("dana", "student")
    assert set(answer) == {"user", "access", "refresh"}
    assert set(answer["user"]) == USER
    assert (answer["user"]["role"], answer["user"]["email"]) == ("student", "dana@school.test")
    claims = jwt.decode(answer["access"], options={"verify_signature": False})
    assert {"user_id", "role", "is_verified", "exp", "jti"} <= set(claims)
    assert claims["exp"] - claims["iat"] == timedelta(minutes=5).total_seconds()

    me = app.get("/api/auth/me").json()
    assert me == answer["user"]
    changed = app.patch("/api/auth/me", {"name": "Dana Kim", "timezone": "Asia/Almaty"}).json()
    assert changed == {**me, "name": "Dana Kim", "timezone": "Asia/Almaty"}
    # what the server sets isn't taken
    sly = app.patch("/api/auth/me", {"role": "admin", "is_verified": True, "email": "x@x.test"})
    assert sly.json() == changed

    again = made(Caller().post("/api/auth/login", credentials("dana")), 200)
    assert set(again) == {"access", "refresh", "user"}
    devices = app.get("/api/auth/sessions").json()
    assert set(devices) == {"results"}
    assert [device["current"] for device in devices["results"]].count(True) == 1
    assert len(devices["results"]) == 2

    second = Caller(again["access"])
    assert second.post("/api/auth/logout", {"refresh": again["refresh"]}).status_code == 204
    assert second.get("/api/auth/me").status_code == 401
    assert app.delete("/api/auth/sessions").status_code == 204
    assert app.get("/api/auth/me").status_code == 401


def credentials(name, password=PASSWORD):
    return {"email": f"{name}@school.test", "password": password}


def test_one_device_is_signed_out_and_the_other_stays():
    app, answer = registered("dana", "student")
    other = Caller(made(Caller().post("/api/auth/login", credentials("dana")), 200)["access"])
    ids = [row["id"] for row in app.get("/api/auth/sessions").json()["results"]
           if not row["current"]]  # fmt: skip
    assert app.delete(f"/api/auth/sessions/{ids[0]}").status_code == 204
    assert (other.get("/api/auth/me").status_code, app.get("/api/auth/me").status_code) == (
        401,
        200,
    )


def test_an_old_refresh_token_kills_the_family():
    _app, answer = registered("dana", "student")
    pair = made(Caller().post("/api/auth/refresh", {"refresh": answer["refresh"]}), 200)
    assert set(pair) == {"access", "refresh"}
    assert Caller(pair["access"]).get("/api/auth/me").status_code == 200
    assert Caller().post("/api/auth/refresh", {"refresh": answer["refresh"]}).status_code == 401
    assert Caller(pair["access"]).get("/api/auth/me").status_code == 401
    assert Caller().post("/api/auth/refresh", {"refresh": pair["refresh"]}).status_code == 401


def test_registration_tells_and_log_in_never():
    registered("dana", "student")
    body = {"email": "Dana@School.test", "password": PASSWORD, "name": "D", "role": "student"}
    taken = Caller().post("/api/auth/register", body)
    assert (taken.status_code, list(taken.json()["errors"])) == (400, ["email"])
    staff = Caller().post("/api/auth/register", {**body, "email": "a@b.test", "role": "admin"})
    assert (staff.status_code, list(staff.json()["errors"])) == (400, ["role"])
    coded = Caller().post("/api/auth/register?ref=NOBODY", {**body, "email": "b@b.test"})
    assert (coded.status_code, len(coded.json()["warnings"])) == (201, 1)

    wrong = Caller().post("/api/auth/login", credentials("dana", "not-the-password"))
    unknown = Caller().post("/api/auth/login", credentials("nobody"))
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()


def test_too_many_wrong_passwords():
    registered("dana", "student")
    wrong = credentials("dana", "not-the-password")
    found = [Caller().post("/api/auth/login", wrong).status_code for _ in range(6)]
    assert found == [401, 401, 401, 401, 401, 429]
    unknown = [Caller().post("/api/auth/login", credentials("no")).status_code for _ in range(6)]
    assert unknown == found


def test_more_requests_than_an_account_may_make(settings):
    app, _answer = registered("dana", "student")
    settings.ACCOUNT_WRITES_PER_MINUTE = 2
    cache.clear()
    found = [app.patch("/api/auth/me", {"bio": "x"}).status_code for _ in range(3)]
    # the minute may turn between them
    assert found in ([200, 200, 429], [200, 200, 200])


def test_the_address_is_verified_and_the_password_reset():
    app, answer = registered("dana", "student")
    assert app.post("/api/auth/resend-verification").status_code == 204
    key = keys.verification_key(EmailAddress.objects.get(email="dana@school.test"))
    assert app.post("/api/auth/verify-email", {"key": key}).json()["email_verified"] is True
    used = app.post("/api/auth/verify-email", {"key": key})
    assert (used.status_code, list(used.json()["errors"])) == (400, ["key"])

    for email in ("dana@school.test", "nobody@school.test"):
        assert Caller().post("/api/auth/forgot-password", {"email": email}).status_code == 204
    body = {
        "key": keys.reset_key(User.objects.get(pk=answer["user"]["id"])),
        "password": "another-long-password",
    }
    weak = Caller().post("/api/auth/reset-password", {**body, "password": "12345"})
    assert (weak.status_code, list(weak.json()["errors"])) == (400, ["password"])
    assert Caller().post("/api/auth/reset-password", body).status_code == 204
    assert Caller().post("/api/auth/reset-password", body).status_code == 400
    assert app.get("/api/auth/me").status_code == 401
    assert (
        Caller().post("/api/auth/login", credentials("dana", body["password"])).status_code == 200
    )


def test_a_teacher_applies_is_refused_and_verified(admin_app):
    app, answer = registered("irina", "teacher")
    assert answer["user"]["is_verified"] is False
    assert app.get("/api/teachers/application").json() == {"status": "pending"}
    diploma = made(app.upload(a_picture(), "document"))
    assert set(diploma) == {"id", "url", "kind", "size"}
    told = {
        "qualification": "I draw.",
        "links": ["https://example.com"],
        "documents": [diploma["id"]],
    }
    assert app.post("/api/teachers/application", told).json() == {"status": "pending"}
    foreign = registered("max", "teacher")[0].post("/api/teachers/application", told)
    assert foreign.status_code == 400
    assert [key.split(".")[0] for key in foreign.json()["errors"]] == ["documents"]

    waiting = admin_app.get("/api/admin/teachers/pending").json()
    assert set(waiting) == PAGE
    row = next(row for row in waiting["results"] if row["id"] == answer["user"]["id"])
    assert set(row) == {"id", "email", "name", "application"}
    assert waiting["results"][0]["name"] == "max"
    place = f"/api/admin/teachers/{row['id']}"
    assert admin_app.post(f"{place}/refuse", {}).json()["errors"].keys() == {"reason"}
    made(admin_app.post(f"{place}/refuse", {"reason": "The scan is dark."}), 200)
    seen = app.get("/api/teachers/application").json()
    assert seen == {"status": "refused", "reason": "The scan is dark."}
    made(app.post("/api/teachers/application", told), 200)
    made(admin_app.post(f"{place}/verify"), 200)
    assert app.get("/api/teachers/application").json() == {"status": "verified"}
    assert app.get("/api/auth/me").json()["is_verified"] is True


# ── Catalogue and content ─────────────────────────────────────────────────────────────────────
def test_a_course_from_draft_to_catalogue_and_back(teacher_app, student_app, deliver_all):
    draft = made(teacher_app.post("/api/courses", {"title": "Ink"}))
    assert set(draft) >= COURSE
    assert (draft["status"], draft["avg_rating"], draft["is_free"]) == ("draft", None, True)
    place = f"/api/courses/{draft['id']}"
    assert Caller().get(place).status_code == 404

    early = teacher_app.post(f"{place}/publish")
    assert (early.status_code, set(early.json()["errors"])) == (400, {"description", "category"})
    body = {
        "description": "# Lines\n<script>x</script>",
        "category": "drawing",
        "price": "29.00",
        "currency": "EUR",
        "level": "advanced",
    }
    course = teacher_app.patch(place, body).json()
    assert (course["price"], course["currency"], course["is_free"]) == ("29.00", "EUR", False)
    assert course["category"]["slug"] == "drawing"
    assert "<script" not in course["description_html"]
    assert teacher_app.post(f"{place}/publish").status_code == 409

    module = made(teacher_app.post(f"{place}/modules", {"title": "One"}))
    lesson = made(
        teacher_app.post(
            f"/api/modules/{module['id']}/lessons",
            {"title": "Pens", "content": "A **pen**.", "is_preview": True},
        )
    )
    assert set(lesson) >= LESSON
    assert (lesson["course"], lesson["module"]) == (draft["id"], module["id"])
    assert "<strong>pen</strong>" in lesson["content_html"]
    second = made(teacher_app.post(f"/api/modules/{module['id']}/lessons", {"title": "Paper"}))
    assert teacher_app.post(f"{place}/publish").json()["status"] == "published"
    deliver_all()

    assert made(Caller().get(place), 200)["status"] == "published"
    listed = Caller().get("/api/courses?q=ink&sort=newest&level=advanced").json()
    assert set(listed) >= {*PAGE, "count"}
    assert [set(row) for row in listed["results"]] == [CARD]
    assert listed["count"] == {"value": 1, "relation": "eq"}
    outline = student_app.get(f"{place}/curriculum").json()
    assert set(outline) == {"course", "modules"}
    assert set(outline["modules"][0]) == {"id", "title", "position", "lessons"}
    assert set(outline["modules"][0]["lessons"][0]) - {"completed"} == {
        "id",
        "title",
        "position",
        "duration_minutes",
        "is_preview",
        "has_quiz",
    }
    assert Caller().get(f"/api/lessons/{lesson['id']}").status_code == 200
    assert Caller().get(f"/api/lessons/{second['id']}").status_code == 401
    assert student_app.get(f"/api/lessons/{second['id']}").status_code == 403

    order = {"modules": [{"id": module["id"], "lessons": [second["id"], lesson["id"]]}]}
    made(teacher_app.post(f"{place}/reorder", order), 200)
    lessons = teacher_app.get(f"{place}/curriculum").json()["modules"][0]["lessons"]
    assert [row["id"] for row in lessons] == [second["id"], lesson["id"]]
    versions = teacher_app.get(f"{place}/versions").json()
    assert set(versions) == PAGE
    last = versions["results"][0]["number"]
    made(teacher_app.patch(place, {"title": "Ink, a second time"}), 200)
    restored = teacher_app.post(f"{place}/versions/{last}/restore").json()
    assert restored["title"] == "Ink"
    assert teacher_app.post(f"{place}/versions/{last + 50}/restore").status_code == 404
    assert teacher_app.delete(place).status_code == 409
    assert teacher_app.post(f"{place}/archive").json()["status"] == "archived"
    assert student_app.get(place).status_code == 404


def test_put_asks_for_the_title_and_patch_does_not(teacher_app):
    place = f"/api/courses/{made(teacher_app.post('/api/courses', {'title': 'Ink'}))['id']}"
    assert teacher_app.put(place, {"subtitle": "x"}).json()["errors"].keys() == {"title"}
    assert teacher_app.patch(place, {"subtitle": "x"}).json()["subtitle"] == "x"
    assert teacher_app.put(place, {"title": "Pencil"}).json()["title"] == "Pencil"
    assert teacher_app.delete(place).status_code == 204
    assert teacher_app.get(place).status_code == 404


def test_the_server_sets_what_is_the_servers(teacher_app, student_app):
    mine = made(
        teacher_app.post(
            "/api/courses",
            {
                "title": "Ink",
                "status": "published",
                "avg_rating": 5,
                "owner": 1,
                "student_count": 9,
            },
        )
    )
    assert (mine["status"], mine["avg_rating"], mine["student_count"]) == ("draft", None, 0)
    assert mine["teacher"]["username"] == teacher_app.get("/api/auth/me").json()["username"]


def test_categories_suggestions_and_facets(teacher_app, deliver_all):
    a_course(teacher_app)
    deliver_all()
    cache.clear()
    tree = Caller().get("/api/categories").json()
    assert set(tree) == {"results"}
    assert set(tree["results"][0]) == {"id", "slug", "name", "course_count", "children"}
    assert tree["results"][0]["course_count"] == 1
    russian = Caller(language="ru").get("/api/categories").json()["results"][0]
    assert (tree["results"][0]["name"], russian["name"]) == ("Drawing", "Рисование")
    suggested = Caller().get("/api/courses/suggest?q=in").json()
    assert {frozenset(row) for row in suggested["results"]} == {frozenset({"text", "kind"})}
    facets = Caller().get("/api/courses/facets?q=ink").json()
    assert {"category", "level", "price", "rating", "language"} <= set(facets)
    assert facets["level"]["beginner"] == {"value": 1, "relation": "eq"}


@pytest.mark.parametrize(
    "query",
    [
        "category=drawing", "level=beginner", "is_free=true", "min_price=0", "max_price=30",
        "min_duration=0", "max_duration=600", "language=en", "sort=rating", "sort=price",
        "sort=-price", "sort=popular", "sort=newest", "sort=relevance&q=ink",
    ],
)  # fmt: skip
def test_the_filters_and_sorts_of_the_contract(query, teacher_app, deliver_all):
    course, _module, _lessons = a_course(teacher_app)
    deliver_all()
    found = Caller().get(f"/api/courses?{query}").json()["results"]
    assert [row["id"] for row in found] == [course]


@pytest.mark.parametrize(
    "query", ["level=hard", "sort=title", "is_free=x", "min_price=x", "min_rating=6", "category=no"]
)
def test_filters_that_mean_nothing_are_told(query):
    answer = Caller().get(f"/api/courses?{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.split("=")[0]])


def test_pages_are_turned_by_cursor(teacher_app, deliver_all):
    ids = [a_course(teacher_app, title=f"Ink {n}")[0] for n in range(5)]
    deliver_all()
    first = Caller().get("/api/courses?sort=newest&limit=2").json()
    second = Caller().get(first["next"].removeprefix("http://testserver")).json()
    third = Caller().get(second["next"].removeprefix("http://testserver")).json()
    pages = [[row["id"] for row in page["results"]] for page in (first, second, third)]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert (first["previous"], third["next"]) == (None, None)
    back = Caller().get(third["previous"].removeprefix("http://testserver")).json()
    assert [row["id"] for row in back["results"]] == pages[1]


# ── Seats, progress, reviews ──────────────────────────────────────────────────────────────────
def test_learning_from_the_seat_to_the_review(teacher_app, student_app, deliver_all):
    course, _module, lessons = a_course(teacher_app)
    count = f"/api/enrollments/course/{course}/count"
    assert Caller().get(count).json() == {"count": 0}
    seat = made(student_app.post("/api/enrollments", {"course": course}))
    assert set(seat) == SEAT
    assert (seat["course"], seat["status"], seat["progress_percent"]) == (course, "enrolled", 0)
    assert made(student_app.post("/api/enrollments", {"course": course}), 200) == seat
    assert Caller().get(count).json() == {"count": 1}
    assert teacher_app.post("/api/enrollments", {"course": course}).status_code == 409
    mine = student_app.get("/api/enrollments/me").json()
    assert (set(mine), mine["results"]) == (PAGE, [seat])

    done = student_app.post(f"/api/progress/lessons/{lessons[0]}/complete")
    assert done.status_code == 200
    assert set(done.json()) == {"lesson", "completed_at", "course_progress"}
    assert done.json()["course_progress"] == {"completed": 1, "total": 2, "percent": 50}
    again = student_app.post(f"/api/progress/lessons/{lessons[0]}/complete")
    assert again.json() == done.json()
    place = f"/api/progress/courses/{course}"
    assert student_app.get(place).json() == {
        "completed": 1, "total": 2, "percent": 50, "status": "in_progress"
    }  # fmt: skip
    assert [bool(row["completed_at"]) for row in
            student_app.get(f"{place}/lessons").json()["results"]] == [True, False]  # fmt: skip
    student_app.post(f"/api/progress/lessons/{lessons[1]}/complete")
    assert student_app.get(place).json()["status"] == "completed"
    finished = student_app.get("/api/enrollments/me").json()["results"][0]
    assert (finished["progress_percent"], bool(finished["completed_at"])) == (100, True)

    told = {"course": course, "rating": 4, "comment": "Clear."}
    other, _answer = registered("sam", "student")
    assert other.post("/api/reviews", told).status_code == 403
    review = made(student_app.post("/api/reviews", told))
    assert (review["course"], review["rating"], review["comment"]) == (course, 4, "Clear.")
    assert student_app.post("/api/reviews", told).status_code == 409
    one = f"/api/reviews/{review['id']}"
    assert student_app.patch(one, {"rating": 5}).json()["rating"] == 5
    assert other.patch(one, {"rating": 1}).status_code == 404
    assert teacher_app.put(f"{one}/reply", {"text": "Thank you."}).json()["reply"] == "Thank you."
    assert student_app.post(f"{one}/helpful").status_code == 403
    assert other.post(f"{one}/helpful").json() == {"helpful": True, "helpful_count": 1}
    shown = Caller().get(f"/api/reviews/course/{course}").json()
    assert shown["histogram"] == [0, 0, 0, 0, 1]
    assert [row["id"] for row in shown["results"]] == [review["id"]]
    told_by_course = Caller().get(f"/api/courses/{course}").json()
    assert (told_by_course["avg_rating"], told_by_course["review_count"]) == (5.0, 1)
    assert student_app.delete(one).status_code == 204
    assert Caller().get(f"/api/courses/{course}").json()["avg_rating"] is None


def test_a_seat_is_given_up(teacher_app, student_app):
    course, _module, _lessons = a_course(teacher_app)
    seat = made(student_app.post("/api/enrollments", {"course": course}))
    assert student_app.delete(f"/api/enrollments/{seat['id']}").status_code == 204
    assert Caller().get(f"/api/enrollments/course/{course}/count").json() == {"count": 0}
    assert student_app.get(f"/api/progress/courses/{course}").status_code == 404


# ── Quizzes ───────────────────────────────────────────────────────────────────────────────────
QUESTION = {"id", "kind", "text", "position"}


def drafts_of(text, teacher, lesson):
    """The job of a lesson's quiz, run as a worker runs it."""
    made(teacher.patch(f"/api/lessons/{lesson}", {"content": text}), 200)
    job = made(teacher.post(f"/api/lessons/{lesson}/quiz/generate"), 202)["job"]
    assert teacher.get(f"/api/jobs/{job}").json()["status"] == "queued"
    jobs.run(job)
    done = teacher.get(f"/api/jobs/{job}").json()
    assert (done["status"], done["progress"], done["error"]) == ("done", 100, "")
    return done["result"]["quiz"]


def test_a_quiz_from_the_lesson_to_the_cards(teacher_app, student_app):
    course, _module, lessons = a_course(teacher_app)
    lesson = lessons[0]
    made(student_app.post("/api/enrollments", {"course": course}))
    quiz = drafts_of(TEXT, teacher_app, lesson)
    place = f"/api/lessons/{lesson}/quiz"
    assert student_app.get(place).status_code == 404
    assert teacher_app.get(place).json()["id"] == quiz
    assert student_app.post(f"/api/quizzes/{quiz}/publish").status_code == 403
    made(teacher_app.post(f"/api/quizzes/{quiz}/publish"), 200)

    shown = made(student_app.get(place), 200)
    assert {"id", "title", "questions", "attempts_used", "best_score"} <= set(shown)
    assert (shown["attempts_used"], shown["best_score"]) == (0, None)
    assert all(QUESTION <= set(row) for row in shown["questions"])
    outline = student_app.get(f"/api/courses/{course}/curriculum").json()["modules"][0]["lessons"]
    assert [row["has_quiz"] for row in outline] == [True, False]

    attempt = made(student_app.post(f"/api/quizzes/{quiz}/attempts"))
    assert {"id", "started_at"} <= set(attempt)
    assert made(student_app.post(f"/api/quizzes/{quiz}/attempts")) == attempt
    one = f"/api/attempts/{attempt['id']}"
    nothing = [{"question": row["id"], "answer": None} for row in shown["questions"]]
    made(student_app.put(f"{one}/answers", {"answers": nothing}), 200)
    result = made(student_app.post(f"{one}/submit", {"answers": nothing}), 200)
    assert set(result) >= set("score max_score percent passed results flashcards_created".split())
    assert (result["score"], result["percent"], result["passed"]) == (0, 0, False)
    assert result["max_score"] == len(shown["questions"]) == len(result["results"])
    assert set(result["results"][0]) >= {"question", "correct", "right_answer", "explanation"}
    assert result["flashcards_created"] > 0
    assert made(student_app.post(f"{one}/submit", {"answers": nothing}), 200) == result
    assert made(student_app.get(one), 200)["result"] == result

    again = made(student_app.post(f"/api/quizzes/{quiz}/attempts"))["id"]
    told = [{"question": r["question"], "answer": r["right_answer"]} for r in result["results"]]
    best = made(student_app.post(f"/api/attempts/{again}/submit", {"answers": told}), 200)
    assert (best["percent"], best["passed"]) == (100, True)
    standing = student_app.get(place).json()
    assert (standing["attempts_used"], standing["best_score"]) == (2, best["max_score"])
    for row in shown["questions"]:
        bad = {"answers": [{"question": row["id"], "answer": {"no": "such"}}]}
        third = made(student_app.post(f"/api/quizzes/{quiz}/attempts"))["id"]
        refused = student_app.post(f"/api/attempts/{third}/submit", bad)
        assert (refused.status_code, list(refused.json()["errors"])) == (
            400,
            [f"question_{row['id']}"],
        )
    summary = made(student_app.get(f"/api/lessons/{lesson}/summary"), 200)
    assert (set(summary), summary["engine"]) == ({"text", "engine", "made_at"}, "offline")
    assert student_app.get(f"/api/lessons/{lessons[1]}/summary").status_code == 409


# ── Cards ─────────────────────────────────────────────────────────────────────────────────────
FLASHCARD = set("id front back course source state due stability difficulty reps lapses".split())


def test_a_card_from_writing_to_the_figures(teacher_app, student_app):
    course, _module, _lessons = a_course(teacher_app)
    made(teacher_app.post(f"/api/courses/{course}/publish"), 200)
    body = {"course": course, "front": "What is ink?", "back": "Soot and water"}
    assert student_app.post("/api/flashcards", body).status_code == 400  # no seat yet
    made(student_app.post("/api/enrollments", {"course": course}))
    card = made(student_app.post("/api/flashcards", body))
    assert set(card) >= FLASHCARD
    own = made(student_app.post("/api/flashcards", {"front": "2 + 2", "back": "4"}))
    assert own["course"] is None
    page = made(student_app.get(f"/api/flashcards?course={course}"), 200)
    assert set(page) == PAGE
    assert page["results"] == [card]
    due = made(student_app.get(f"/api/flashcards/due?course={course}"), 200)
    assert due["count"] == 1
    assert set(due["results"][0]) == {"card", "preview"}
    assert set(due["results"][0]["preview"]) == {"again", "hard", "good", "easy"}
    address = f"/api/flashcards/{card['id']}"
    graded = made(
        student_app.post(
            f"{address}/review", {"rating": 4, "duration_ms": 900}, Idempotency_Key="g"
        ),
        200,
    )
    assert (graded["reps"], graded["state"]) == (1, 2)
    again = student_app.post(
        f"{address}/review", {"rating": 4, "duration_ms": 900}, Idempotency_Key="g"
    )
    assert again.json() == graded
    assert (
        made(student_app.get("/api/flashcards/forecast?days=30"), 200)["results"][0]["count"] == 1
    )
    assert made(student_app.get("/api/flashcards/stats"), 200)["totals"]["cards"] == 2
    assert made(student_app.post(f"{address}/undo"), 200) == card
    assert student_app.post(f"{address}/undo").status_code == 409
    assert made(student_app.patch(address, {"front": "Ink?"}), 200)["front"] == "Ink?"
    assert student_app.delete(address).status_code == 204
    assert student_app.get("/api/flashcards").json()["results"] == [own]


# ── Payments ──────────────────────────────────────────────────────────────────────────────────
def test_a_paid_course_is_paid_for_and_the_seat_follows(teacher_app, student_app, deliver_all):
    course, _module, _lessons = a_course(teacher_app, price="29.00")
    assert student_app.post("/api/enrollments", {"course": course}).status_code == 402
    payment = made(student_app.post("/api/payments", {"course": course}))
    assert set(payment) == PAYMENT
    assert MONEY.fullmatch(payment["amount"])
    assert (payment["amount"], payment["currency"]) == ("29.00", "USD")
    assert (payment["status"], payment["provider"]) == ("succeeded", "test")
    deliver_all()
    seats = student_app.get("/api/enrollments/me").json()["results"]
    assert [seat["course"] for seat in seats] == [course]
    assert student_app.post("/api/payments", {"course": course}).status_code == 409
    mine = student_app.get("/api/payments/me").json()
    assert (set(mine), mine["results"]) == (PAGE, [payment])
    assert student_app.get(f"/api/payments/{payment['id']}").json() == payment
    assert teacher_app.get(f"/api/payments/{payment['id']}").status_code == 404
    bad = student_app.post("/api/payments", {"course": course, "provider": "gold"})
    assert (bad.status_code, list(bad.json()["errors"])) == (400, ["provider"])


# ── Idempotency-Key ───────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("call", ["enrollments", "payments", "reviews"])
def test_the_same_key_gives_the_first_answer_again(call, teacher_app, student_app):
    course, _module, _lessons = a_course(teacher_app, price="9.00" if call == "payments" else "0")
    body = {"course": course}
    if call == "reviews":
        student_app.post("/api/enrollments", body)
        body |= {"rating": 5}
    address = f"/api/{call}"
    first = student_app.post(address, body, Idempotency_Key="k1")
    again = student_app.post(address, body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    other = student_app.post(address, {**body, "course": MISSING}, Idempotency_Key="k1")
    assert other.status_code == 409
    # keys are the user's own
    stranger, _answer = registered("sam", "student")
    assert stranger.post(address, body, Idempotency_Key="k1").json() != first.json()
    IdempotencyClaim.objects.filter(key="k1").update(status_code=None)
    running = student_app.post(address, body, Idempotency_Key="k1")
    assert (running.status_code, int(running["Retry-After"]) > 0) == (409, True)


def test_a_refused_call_frees_its_key(teacher_app, student_app):
    course, _module, _lessons = a_course(teacher_app)
    assert student_app.post("/api/enrollments", {}, Idempotency_Key="k").status_code == 400
    done = student_app.post("/api/enrollments", {"course": course}, Idempotency_Key="k")
    assert done.status_code == 201


# ── Notifications ─────────────────────────────────────────────────────────────────────────────
def test_notifications_come_are_counted_and_read(admin_app, student_app):
    body = {
        "user": student_app.get("/api/auth/me").json()["id"],
        "kind": "announcement",
        "title": "Sunday",
        "body": "We rest.",
    }
    told = made(admin_app.post("/api/notifications", body))
    assert student_app.post("/api/notifications", body).status_code == 403
    mine = student_app.get("/api/notifications/me?unread=true").json()
    assert set(mine) == PAGE
    assert told["id"] in [row["id"] for row in mine["results"]]
    before = student_app.get("/api/notifications/unread-count").json()["count"]
    read = student_app.patch(f"/api/notifications/{told['id']}/read").json()
    assert read["read_at"]
    assert student_app.get("/api/notifications/unread-count").json() == {"count": before - 1}
    made(student_app.post("/api/notifications/read-all"), 200)
    assert student_app.get("/api/notifications/me?unread=true").json()["results"] == []
    wanted = student_app.get("/api/notifications/preferences").json()
    assert student_app.put("/api/notifications/preferences", wanted).json() == wanted


# ── Manner ────────────────────────────────────────────────────────────────────────────────────
def test_refusals_speak_the_askers_language(student_app):
    english = student_app.post("/api/courses", {"title": "x"}).json()["detail"]
    russian = student_app.speaking("ru-RU,ru;q=0.9").post("/api/courses", {"title": "x"}).json()
    assert english.isascii()
    assert re.search("[а-я]", russian["detail"])
    blank = student_app.speaking("ru").patch("/api/auth/me", {"name": ""}).json()["errors"]
    assert re.search("[а-я]", blank["name"][0])


def test_no_address_ends_with_a_slash_and_names_are_snake_case():
    assert [path for path in document()["paths"] if path.endswith("/")] == []
    schemas = document()["components"]["schemas"].values()
    names = {name for schema in schemas for name in schema.get("properties", {})}
    assert [name for name in names if not re.fullmatch(r"[a-z][a-z0-9_]*", name)] == []


def test_operation():
    assert Caller().get("/healthz").json()["status"] == "ok"
    assert {"database", "cache", "broker"} <= set(Caller().get("/readyz").json())
    assert b"eduplatform_http_request_seconds" in Caller().get("/metrics").content
    served = Caller().get("/api/schema", Accept="application/json")
    assert served.status_code == 200
    assert Caller().get("/api/docs")["Content-Type"].startswith("text/html")


def test_an_access_token_that_expired(student_app):
    claims = jwt.decode(student_app.access, options={"verify_signature": False})
    late = jwt.encode({**claims, "exp": 1}, "a-key-of-somebody-else-0123456789-abcdef")
    for address in ("/api/auth/me", "/api/courses"):
        assert Caller(late).get(address).status_code == 401


def test_the_sites_session_works_with_csrf_only(student_app):
    from django.test import Client

    user = User.objects.get(email="dana@school.test")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(user)
    assert browser.get("/api/auth/me").status_code == 200
    refused = browser.patch("/api/auth/me", {"bio": "x"}, content_type="application/json")
    assert refused.status_code == 403
    assert refused["Content-Type"] == "application/problem+json"
