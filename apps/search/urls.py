"""Addresses of the catalogue."""

from django.urls import path

from . import api, views

app_name = "search"
urlpatterns = [
    path("courses/", views.catalogue, name="catalogue"),
    path("search/suggest/", views.suggest, name="suggest"),
    path("search/recent/", views.remember_search, name="remember_search"),
    path("settings/interests/", views.interests, name="interests"),
    path("settings/interests/topics/", views.topics, name="topics"),
    path("settings/interests/order/", views.personal_order, name="personal_order"),
    path("settings/interests/searches/", views.forget_searches, name="forget_searches"),
]
api_urlpatterns = [
    path("courses", api.CoursesView.as_view(), name="courses"),
    path("courses/suggest", api.SuggestView.as_view(), name="suggest"),
    path("courses/facets", api.FacetsView.as_view(), name="facets"),
]
