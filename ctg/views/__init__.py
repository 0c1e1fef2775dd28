"""What every view of a convention shares; the pages of no other app are in `pages`."""

from ctg.views.mixins import ConventionMixin, LockedPostMixin, ObjectPermissionMixin

__all__ = ["ConventionMixin", "LockedPostMixin", "ObjectPermissionMixin"]
