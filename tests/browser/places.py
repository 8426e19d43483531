"""Every page of the demo: where it is and who sees it."""

from dataclasses import dataclass

from playwright.sync_api import Page

# The demo's people and things that a page needs, by language.
CAST = {
    "en": {
        "student": "student@example.com",
        "newcomer": "omar@example.com",
        "applicant": "yusuf@example.com",
        "banned": "tomas@example.com",
        "teacher": "teacher@example.com",
        "admin": "admin@example.com",
        "nobody": "nothing-student-en@example.com",
        "beginner": "nothing-teacher-en@example.com",
        "full": "full-en@example.com",
        "full-teacher": "many-en@example.com",
        "choosing": "choosing-en@example.com",
        "stepping": "stepping-en@example.com",
        "ending": "ending-en@example.com",
    },
    "ru": {
        "student": "anna@example.com",
        "newcomer": "pavel@example.com",
        "applicant": "anna@example.com",
        "banned": "timur@example.com",
        "teacher": "nurlan@example.com",
        "nobody": "nothing-student-ru@example.com",
        "beginner": "nothing-teacher-ru@example.com",
        "full": "full-ru@example.com",
        "full-teacher": "many-ru@example.com",
        "choosing": "choosing-ru@example.com",
        "stepping": "stepping-ru@example.com",
        "ending": "ending-ru@example.com",
    },
}
NAMES = {
    "en": {
        "free": "python-from-the-first-line",
        "paid": "typography-for-screens",
        "taught": "statistics-you-can-trust",
        "student": "dana",
        "teacher": "irina",
        "word": "statistics",
    },
    "ru": {
        "free": "veb-razrabotka-html-css-i-http",
        "paid": "angliiskie-vremena-bez-zubrezhki",
        "taught": "statistika-dlia-analiza-dannykh",
        "student": "anna",
        "teacher": "nurlan",
        "word": "статистика",
    },
}
# Who brings things of their own, which pages show in place of those: see the package `crowd`.
OWN = {
    "nobody": {"student": "nothing-student-{}"},
    "beginner": {"student": "nothing-teacher-{}", "teacher": "nothing-teacher-{}"},
    "full": {
        "free": "full-{}",
        "paid": "full-{}",
        "taught": "full-{}",
        "student": "full-{}",
        "teacher": "full-{}",
    },
}
OWN["full-teacher"] = OWN["full"] | {"student": "many-{}", "teacher": "many-{}"}
LESSON_WITH_QUIZ = ".toc a:has(.toc-quiz)"
TALKED_ABOUT = ".toc a >> nth=3"  # the lesson that the demo’s student asked the tutor about
QUIZ_IN_STUDIO = "main article a[href*='/quiz/']"
COURSE_IN_STUDIO = "main a[href^='/studio/courses/']:not([href$='/new/'])"


@dataclass(frozen=True)
class Place:
    """A page: its path, who looks at it, the link to follow from there, and what to add to it.

    `onward` is a second link, followed from the page that the first one led to.
    """

    name: str
    path: str
    who: str = ""
    link: str = ""
    then: str = ""
    onward: str = ""
    status: int = 200

    def __str__(self) -> str:
        return self.name

    def email(self, language: str) -> str:
        return CAST[language].get(self.who, "")

    def names(self, language: str) -> dict[str, str]:
        own = {key: name.format(language) for key, name in OWN.get(self.who, {}).items()}
        return NAMES[language] | {"language": language} | own

    def show(self, page: Page, language: str) -> None:
        names = self.names(language)
        page.goto(self.path.format(**names))
        if self.link:
            page.goto((page.locator(self.link).first.get_attribute("href") or "") + self.then)
        if self.onward:
            page.goto(page.locator(self.onward).first.get_attribute("href") or "")


PLACES = [
    # what everybody sees
    Place("landing", "/"),
    Place("catalogue", "/courses/"),
    Place("catalogue-found", "/courses/?q={word}"),
    Place("catalogue-nothing", "/courses/?q=qwxzvk"),
    Place("course", "/courses/{free}/"),
    Place("reviews", "/courses/{free}/reviews/"),
    Place("lesson-preview", "/courses/{taught}/", link="main a[href^='/learn/']"),
    Place("profile-teacher", "/profile/{teacher}/"),
    Place("forum", "/forum/"),
    Place("forum-unanswered", "/forum/?show=unanswered"),
    Place("forum-category", "/forum/mathematics-and-data/"),
    Place("forum-empty", "/forum/platform-help/?tag=no-such-tag"),
    Place("forum-topic", "/forum/", link=".topic-row h3 a"),
    Place("forum-search", "/forum/search/"),
    Place("forum-found", "/forum/search/?q={word}"),
    Place("forum-nothing", "/forum/search/?q=qwxzvk"),
    Place("profile-of-another", "/profile/{teacher}/", who="student"),
    Place("followers", "/profile/{teacher}/followers/"),
    Place("following", "/profile/{student}/following/", who="student"),
    Place("course-discussion", "/courses/{taught}/discussion/"),
    Place("login", "/accounts/login/"),
    Place("sign-up", "/accounts/signup/"),
    Place("forgot-password", "/accounts/password/"),
    Place("offline", "/offline/{language}/"),
    Place("link-expired", "/accounts/verify/nothing/", status=410),
    Place("missing", "/courses/no-such-course/", status=404),
    *(
        Place(f"fault-{status}", f"/dev/errors/{status}/", status=status)
        for status in (400, 403, 404, 429, 500, 503)
    ),
    Place("mails", "/dev/mails/"),
    Place("components", "/dev/components/"),
    # a student
    Place("forum-followed", "/forum/?show=followed", who="student"),
    Place("forum-topic-signed-in", "/forum/", who="student", link=".topic-row h3 a"),
    Place("forum-new-topic", "/forum/new/?category=programming", who="student"),
    Place("forum-banned", "/forum/new/", who="banned"),
    Place("forum-topic-banned", "/forum/", who="banned", link=".topic-row h3 a"),
    Place("discussion-banned", "/courses/{taught}/discussion/", who="banned"),
    Place("welcome", "/welcome/questions/", who="newcomer"),
    Place("welcome-course", "/welcome/course/", who="choosing"),
    Place("welcome-steps", "/welcome/", who="stepping"),
    Place("welcome-steps-today", "/", who="stepping"),
    Place("welcome-done", "/welcome/done/", who="ending"),
    Place("today", "/", who="student"),
    Place("my-courses", "/my/courses/", who="student"),
    Place("my-courses-done", "/my/courses/?show=completed", who="student"),
    Place("course-with-seat", "/my/courses/", who="student", link="main h2 a"),
    Place("lesson", "/learn/{taught}/", who="student"),
    Place("lesson-discussion", "/learn/{taught}/", "student", "main a[href$='/discussion/']"),
    Place("lesson-notes", "/learn/{taught}/", "student", "main a[href$='/notes/']"),
    Place("tutor", "/learn/{taught}/", "student", TALKED_ABOUT, "tutor/"),
    Place("notes", "/notes/", who="student"),
    Place("decks", "/cards/", who="student"),
    Place("deck", "/cards/decks/0/", who="student"),
    Place("card-new", "/cards/new/?kind=cloze", who="student"),
    Place("card-settings", "/cards/settings/", who="student"),
    Place("card-stats", "/cards/stats/", who="student"),
    Place("review", "/review/", who="student"),
    Place("review-done", "/review/done/", who="student"),
    Place("quiz", "/learn/{taught}/", who="student", link=LESSON_WITH_QUIZ, then="quiz/"),
    Place(
        *("quiz-result", "/learn/{taught}/", "student", LESSON_WITH_QUIZ, "quiz/"),
        onward="main a[href*='/result/']",
    ),
    Place("pretest", "/learn/{taught}/pretest/", who="student"),
    Place("path", "/learn/{taught}/path/", who="student"),
    Place("profile-own", "/profile/{student}/", who="student"),
    Place("notifications", "/notifications/", who="student"),
    Place("messages", "/messages/", who="student"),
    Place("messages-conversation", "/messages/", who="student", link="a.conv"),
    Place("new-message", "/messages/new/?to={teacher}", who="newcomer"),
    Place("settings", "/settings/", who="student"),
    Place("settings-privacy", "/settings/privacy/", who="student"),
    Place("settings-language", "/settings/language/", who="student"),
    Place("settings-interests", "/settings/interests/", who="student"),
    Place("settings-security", "/settings/security/", who="student"),
    Place("settings-habit", "/settings/habit/", who="student"),
    Place("awards", "/awards/", who="student"),
    Place("referrals", "/referrals/", who="student"),
    Place("leaderboard", "/courses/{free}/leaderboard/", who="student"),
    Place("leaderboard-all", "/courses/{free}/leaderboard/?period=all", who="student"),
    Place("feed", "/feed/", who="student"),
    Place("activity-own", "/profile/{student}/activity/", who="student"),
    Place("progress", "/progress/", who="student"),
    Place("award", "/awards/", who="student", link="main a[href^='/awards/']"),
    Place(
        "card-edit",
        "/cards/decks/0/",
        who="student",
        link="main a[href^='/cards/']:not([href*='deck']):not([href$='new/'])",
    ),
    Place("payments", "/payments/", who="student"),
    Place("payment", "/payments/", who="student", link="main h2 a"),
    Place("course-paid", "/courses/{paid}/", who="newcomer"),
    Place("checkout", "/checkout/{paid}/", who="newcomer"),
    Place("apply", "/teach/apply/", who="applicant"),
    Place("forbidden", "/studio/", who="student", status=403),
    Place("cards-import", "/cards/import/", who="student"),
    Place("maps", "/map/", who="student"),
    Place("map", "/map/{taught}/", who="student"),
    Place("map-list", "/map/{taught}/list/", who="student"),
    Place("concept", "/map/{taught}/list/", who="student", link=".concept-line a"),
    Place("cards-export", "/cards/export/", who="student"),
    # a teacher
    Place("studio", "/studio/", who="teacher"),
    Place("studio-new", "/studio/courses/new/", who="teacher"),
    Place("studio-editor", "/studio/", who="teacher", link=COURSE_IN_STUDIO),
    Place("studio-settings", "/studio/", who="teacher", link=COURSE_IN_STUDIO, then="settings/"),
    Place("studio-publish", "/studio/", who="teacher", link=COURSE_IN_STUDIO, then="publish/"),
    Place("studio-history", "/studio/", who="teacher", link=COURSE_IN_STUDIO, then="history/"),
    Place("studio-import", "/studio/", "teacher", COURSE_IN_STUDIO, "questions/import/"),
    Place("studio-export", "/studio/", "teacher", COURSE_IN_STUDIO, "questions/export/"),
    Place("studio-concepts", "/studio/", "teacher", COURSE_IN_STUDIO, "concepts/"),
    Place("studio-proposals", "/studio/", "teacher", COURSE_IN_STUDIO, "concepts/proposals/"),
    Place("studio-table", "/studio/", "teacher", COURSE_IN_STUDIO, "concepts/import/"),
    Place("studio-graph", "/studio/", "teacher", COURSE_IN_STUDIO, "concepts/graph/"),
    Place("studio-learning", "/studio/", "teacher", COURSE_IN_STUDIO, "learning/"),
    Place("studio-questions", "/studio/", "teacher", COURSE_IN_STUDIO, "questions/"),
    Place("studio-quiz", "/studio/", "teacher", COURSE_IN_STUDIO, "questions/", QUIZ_IN_STUDIO),
    Place("studio-waiting", "/studio/questions/", who="teacher"),
    Place("course-own", "/courses/{taught}/", who="teacher"),
]
