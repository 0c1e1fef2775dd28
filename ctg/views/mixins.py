"""What every view of a convention shares."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404

from ctg.models import Convention
from ctg.permissions import check


def exiger(user, code: str, objet) -> None:
    """404 on what is out of one's perimeter, 403 with its reason on what one's role never does."""
    access = check(user, code, objet)
    if access.hors_perimetre:
        raise Http404(access.reason)
    if not access:
        raise PermissionDenied(access.reason)


class ConventionMixin:
    """Everything under /<convention>/: 404 out of scope, 403 with its reason when forbidden.

    `permission_code` is asked of the convention; views of one object add `ObjectPermissionMixin`.
    """

    permission_code = "ctg.consulter"
    convention: Convention

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        visible = Convention.objects.visible_to(request.user).select_related("territoire")
        self.convention = request.convention = get_object_or_404(visible, slug=kwargs["convention"])

    def dispatch(self, request, *args, **kwargs):
        self.check_access()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        # A TemplateView hands the slug of the address on: the page wants the convention itself.
        return super().get_context_data(**kwargs | {"convention": self.convention})

    def check_access(self) -> None:
        exiger(self.request.user, self.permission_code, self.convention)


class ObjectPermissionMixin(ConventionMixin):
    """`permission_code` is asked of the object; the queryset holds what is in scope."""

    def check_access(self) -> None:
        """The object says."""

    def get_object(self, queryset=None):
        obj = super().get_object(queryset)
        self.exiger(obj)
        return obj

    def exiger(self, obj) -> None:
        exiger(self.request.user, self.permission_code, obj)


class LockedPostMixin:
    """Lock the row while saving: the right is judged on the state written, not on the state read."""

    @transaction.atomic
    def post(self, request, *args, **kwargs):
        return super().post(request, *args, **kwargs)

    def get_queryset(self):
        queryset = super().get_queryset()
        if self.request.method == "POST":
            queryset = queryset.select_for_update(of=("self",), no_key=True)
        return queryset
