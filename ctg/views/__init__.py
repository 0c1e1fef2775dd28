"""What every view of a convention shares; the pages of no other app are in `pages`."""

from ctg.views.brouillons import BrouillonMixin
from ctg.views.mixins import ConventionMixin, LockedPostMixin, ObjectPermissionMixin

__all__ = ["BrouillonMixin", "ConventionMixin", "LockedPostMixin", "ObjectPermissionMixin"]
