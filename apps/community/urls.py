"""Addresses of the forum and discussions."""

from django.urls import URLPattern, path

from .api import comments
from .views import forum, forum_order, forum_posts, forum_topics

app_name = "community"
urlpatterns = [
    path("forum/", forum.forum, name="forum"),
    path("forum/search/", forum.search, name="forum_search"),
    path("forum/people/", forum.people, name="forum_people"),
    path("forum/preview/", forum.preview, name="forum_preview"),
    path("forum/new/", forum_topics.new_topic, name="new_topic"),
    path("forum/topic/<int:pk>/", forum_topics.topic, name="topic"),
    path("forum/topic/<int:pk>/new/", forum_topics.arrivals, name="topic_arrivals"),
    path("forum/topic/<int:pk>/edit/", forum_topics.edit_topic, name="edit_topic"),
    path("forum/topic/<int:pk>/delete/", forum_topics.delete_topic, name="delete_topic"),
    path("forum/topic/<int:pk>/restore/", forum_topics.restore_topic, name="restore_topic"),
    path("forum/topic/<int:pk>/history/", forum_topics.history, name="topic_history"),
    path("forum/topic/<int:pk>/like/", forum_topics.like, name="like_topic"),
    path("forum/topic/<int:pk>/follow/", forum_topics.follow, name="follow_topic"),
    path("forum/topic/<int:pk>/reply/", forum_posts.reply, name="reply"),
    path("forum/topic/<int:pk>/pin/", forum_order.pin, name="pin_topic"),
    path("forum/topic/<int:pk>/lock/", forum_order.lock, name="lock_topic"),
    path("forum/topic/<int:pk>/move/", forum_order.move, name="move_topic"),
    path("forum/topic/<int:pk>/hide/", forum_order.hide_topic, name="hide_topic"),
    path("forum/posts/<int:pk>/", forum_posts.post, name="post"),
    path("forum/posts/<int:pk>/edit/", forum_posts.edit, name="edit_post"),
    path("forum/posts/<int:pk>/delete/", forum_posts.delete, name="delete_post"),
    path("forum/posts/<int:pk>/restore/", forum_posts.restore, name="restore_post"),
    path("forum/posts/<int:pk>/history/", forum_posts.history, name="post_history"),
    path("forum/posts/<int:pk>/like/", forum_posts.like, name="like_post"),
    path("forum/posts/<int:pk>/best/", forum_posts.best, name="best_post"),
    path("forum/posts/<int:pk>/hide/", forum_order.hide_post, name="hide_post"),
    path("forum/report/<str:kind>/<int:pk>/", forum_order.report, name="report"),
    path("forum/<slug:slug>/", forum.category, name="forum_category"),
]
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
