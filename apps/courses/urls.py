"""Addresses of courses: the studio and the API."""

from django.urls import path, re_path

from .api import categories, content, courses
from .views import covers

app_name = "courses"
urlpatterns = [
    re_path(
        r"^courses/cover/(?P<pk>\d+)-(?P<digest>[0-9a-f]{12})\.svg$", covers.cover, name="cover"
    ),
]
api_urlpatterns = [
    path("categories", categories.CategoriesView.as_view(), name="categories"),
    path("courses/<int:pk>", courses.CourseView.as_view(), name="course"),
    path("courses/<int:pk>/publish", courses.PublishView.as_view(), name="publish"),
    path("courses/<int:pk>/archive", courses.ArchiveView.as_view(), name="archive"),
    path("courses/<int:pk>/versions", courses.VersionsView.as_view(), name="versions"),
    path(
        "courses/<int:pk>/versions/<int:number>/restore",
        courses.RestoreView.as_view(),
        name="restore",
    ),
    path("courses/<int:pk>/reorder", courses.ReorderView.as_view(), name="reorder"),
    path("courses/<int:pk>/modules", content.AddModuleView.as_view(), name="modules"),
    path("modules/<int:pk>", content.ModuleView.as_view(), name="module"),
    path("modules/<int:pk>/lessons", content.AddLessonView.as_view(), name="lessons"),
]
