"""Profiles, follows and blocks to look at."""

from django.contrib import admin

from apps.core.read_only import ReadOnlyAdmin

from .models import Block, Follow, Profile


@admin.register(Profile)
class ProfileAdmin(ReadOnlyAdmin):
    list_display = ["user", "location", "followers_count", "following_count", "writes_from"]
    list_filter = ["writes_from", "show_courses", "show_badges", "show_activity"]
    search_fields = ["user__email", "user__name", "user__username"]
    list_select_related = ["user"]
    ordering = ["-followers_count", "-pk"]
    show_full_result_count = False


@admin.register(Follow)
class FollowAdmin(ReadOnlyAdmin):
    list_display = ["follower", "followed", "created_at"]
    search_fields = ["follower__email", "followed__email"]
    list_select_related = ["follower", "followed"]
    ordering = ["-id"]
    show_full_result_count = False


@admin.register(Block)
class BlockAdmin(ReadOnlyAdmin):
    list_display = ["blocker", "blocked", "created_at"]
    search_fields = ["blocker__email", "blocked__email"]
    list_select_related = ["blocker", "blocked"]
    ordering = ["-id"]
    show_full_result_count = False
