"""Addresses of the forum and discussions."""

from django.urls import URLPattern, path

from .api import comments

app_name = "community"
urlpatterns: list[URLPattern] = []
api_urlpatterns: list[URLPattern] = [
    path("courses/<int:pk>/comments", comments.CourseComments.as_view(), name="course_comments"),
    path("courses/<int:pk>/discussion", comments.CourseDiscussion.as_view(), name="course_kept"),
    path("lessons/<int:pk>/comments", comments.LessonComments.as_view(), name="lesson_comments"),
    path("lessons/<int:pk>/discussion", comments.LessonDiscussion.as_view(), name="lesson_kept"),
    path("comments", comments.WriteComment.as_view(), name="write_comment"),
    path("comments/<int:pk>", comments.OneComment.as_view(), name="comment"),
    path("comments/<int:pk>/replies", comments.Replies.as_view(), name="comment_replies"),
    path("comments/<int:pk>/reply", comments.Reply.as_view(), name="comment_reply"),
    path("comments/<int:pk>/like", comments.LikeComment.as_view(), name="comment_like"),
    path("comments/<int:pk>/report", comments.ReportComment.as_view(), name="comment_report"),
    path("comments/<int:pk>/pin", comments.Pin.as_view(), name="comment_pin"),
    path("comments/<int:pk>/answer", comments.Answer.as_view(), name="comment_answer"),
]
