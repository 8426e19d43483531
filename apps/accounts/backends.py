"""What staff may see and do in the admin: by their role, from the table of rights."""

from typing import Any

from django.contrib.auth.backends import BaseBackend

from .models import User
from .rights import ADMIN_PERMISSIONS


class RolePermissions(BaseBackend):
    """Signs nobody in; it answers for Django's model permissions. Admins are superusers."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not isinstance(user_obj, User) or not user_obj.is_active:
            return set()
        return set(ADMIN_PERMISSIONS.get(user_obj.role, ()))

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        permissions = self.get_all_permissions(user_obj)
        return any(permission.startswith(f"{app_label}.") for permission in permissions)
