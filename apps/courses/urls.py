"""Addresses of courses: the studio and the API."""

from django.urls import path, re_path

from .api import categories, content, courses
from .views import covers, editor, studio

app_name = "courses"
urlpatterns = [
    re_path(
        r"^courses/cover/(?P<pk>\d+)-(?P<digest>[0-9a-f]{12})\.svg$", covers.cover, name="cover"
    ),
    path("studio/", studio.studio, name="studio"),
    path("studio/preview/", editor.preview, name="preview"),
    path("studio/courses/new/", studio.new_course, name="new_course"),
    path("studio/courses/<int:pk>/", editor.editor, name="editor"),
    path("studio/courses/<int:pk>/settings/", studio.course_settings, name="settings"),
    path("studio/courses/<int:pk>/publish/", studio.publish, name="publish"),
    path("studio/courses/<int:pk>/look/", studio.look, name="look"),
    path("studio/courses/<int:pk>/archive/", studio.archive, name="archive"),
    path("studio/courses/<int:pk>/delete/", studio.delete, name="delete"),
    path("studio/courses/<int:pk>/history/", studio.history, name="history"),
    path("studio/courses/<int:pk>/history/<int:number>/", studio.version, name="version"),
    path("studio/courses/<int:pk>/history/<int:number>/restore/", studio.restore, name="restore"),
    path("studio/courses/<int:pk>/modules/", editor.add_module, name="add_module"),
    path("studio/modules/<int:pk>/rename/", editor.rename_module, name="rename_module"),
    path("studio/modules/<int:pk>/delete/", editor.delete_module, name="delete_module"),
    path("studio/modules/<int:pk>/lessons/", editor.add_lesson, name="add_lesson"),
    path("studio/lessons/<int:pk>/", editor.lesson, name="lesson"),
    path("studio/lessons/<int:pk>/copy/", editor.duplicate_lesson, name="duplicate_lesson"),
    path("studio/lessons/<int:pk>/delete/", editor.delete_lesson, name="delete_lesson"),
    path("studio/lessons/<int:pk>/settings/", editor.lesson_settings, name="lesson_settings"),
    path("studio/lessons/<int:pk>/files/", editor.attach, name="attach"),
    path("studio/lessons/<int:pk>/files/<int:upload_id>/", editor.open_attachment, name="file"),
    path("studio/lessons/<int:pk>/files/<int:upload_id>/remove/", editor.detach, name="detach"),
]
api_urlpatterns = [
    path("categories", categories.CategoriesView.as_view(), name="categories"),
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
