import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import connection, transaction
from django.test import Client

from apps.search import selectors
from eduplatform.pages import errors

pytestmark = pytest.mark.django_db


def test_an_unknown_page_says_so_in_the_readers_language(client):
    answer = client.get("/no/such/page/", headers={"accept-language": "ru"})
    assert answer.status_code == 404
    assert 'lang="ru"' in answer.content.decode()


def test_a_missing_slash_is_added(client):
    answer = client.get("/courses?q=sql")
    assert (answer.status_code, answer["Location"]) == (301, "/courses/?q=sql")
    assert client.get("/no/such").status_code == 404


@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_an_unknown_call_is_a_problem(method):
    answer = getattr(Client(enforce_csrf_checks=True), method)("/api/no/such/call")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize(
    ("handler", "fault", "status"),
    [
        (errors.bad_request, SuspiciousOperation(), 400),
        (errors.forbidden, PermissionDenied(), 403),
        (errors.not_found, LookupError(), 404),
    ],
)
def test_each_fault_has_a_page_and_a_problem(handler, fault, status, rf, admin):
    for path, kind in [("/x/", "text/html"), ("/api/x", "application/problem+json")]:
        request = rf.get(path)
        request.user = admin
        answer = handler(request, fault)
        assert answer.status_code == status
        assert answer["Content-Type"].startswith(kind)


def test_what_broke_is_told_without_the_account(rf):
    """Neither the database nor the session is needed."""
    page, call = errors.broken(rf.get("/x/")), errors.broken(rf.get("/api/x"))
    assert (page.status_code, call.status_code) == (500, 500)
    assert b"<h1" in page.content and b'"status": 500' in call.content


@pytest.mark.parametrize("path", ["/courses/?q=slow", "/api/courses?q=slow"])
def test_a_statement_that_takes_too_long_is_told_as_that(client, monkeypatch, path):
    def slow(*args, **kwargs):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 1; SELECT pg_sleep(9)")

    monkeypatch.setattr(selectors, "courses_for", slow)
    client.raise_request_exception = False
    answer = client.get(path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert "This took too long" in answer.content.decode()
    assert (answer["Content-Type"] == "application/problem+json") == path.startswith("/api/")


def test_a_form_without_its_token_gets_a_page_or_a_toast(student):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(student)
    page = browser.post("/notifications/read-all/")
    assert page.status_code == 403 and "This form has expired" in page.content.decode()
    toast = browser.post("/notifications/read-all/", headers={"HX-Request": "true"})
    assert toast.status_code == 403 and toast["HX-Retarget"] == "#toasts"
