"""Addresses of the pages that join many apps, and of what belongs to none."""

from django.conf import settings
from django.urls import URLPattern, path, re_path

from . import course, dev, docs, errors, home, installed, mails, people_api, profile, well_known

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("courses/<slug:slug>/", course.course, name="course"),
    path("courses/<slug:slug>/map/", course.course_map, name="course_map"),
    path("profile/<str:username>/", profile.profile, name="profile"),
    path("profile/<str:username>/followers/", profile.followers, name="followers"),
    path("profile/<str:username>/following/", profile.following, name="following"),
    path("robots.txt", well_known.robots, name="robots"),
    path("sw.js", installed.worker, name="worker"),
    path("offline/<slug:language>/", installed.offline, name="offline"),
    path("manifest/<slug:language>/", installed.manifest, name="manifest"),
    path("favicon.ico", well_known.favicon, name="favicon"),
    path("dev/mails/", mails.mails, name="dev_mails"),
    path("dev/mails/<str:mail_id>/html", mails.mail_html, name="dev_mail_html"),
]
if settings.DEBUG:
    urlpatterns += [
        path("dev/components/", dev.components, name="dev_components"),
        path("dev/errors/<int:status>/", dev.error, name="dev_error"),
    ]
api_urlpatterns: list[URLPattern] = [
    path("users/profile", people_api.MyProfile.as_view(), name="my_profile"),
    path("users/<str:username>/profile", people_api.OneProfile.as_view(), name="one_profile"),
    path("users/<str:username>/courses", people_api.CoursesOfPerson.as_view(), name="courses_of"),
    path("users/<str:username>/badges", people_api.BadgesOfPerson.as_view(), name="badges_of"),
    path("users/<str:username>/followers", people_api.Followers.as_view(), name="followers_of"),
    path("users/<str:username>/following", people_api.Following.as_view(), name="followed_by"),
    path("schema", docs.schema, name="api_schema"),
    path("docs", docs.swagger, name="api_docs"),
    # after all others
    re_path(r"", errors.unknown_call, name="api_unknown"),
]
