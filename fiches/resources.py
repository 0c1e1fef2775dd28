"""Import and export of the fiches: never their internal notes."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export import fields
from import_export.widgets import ManyToManyWidget

from ctg.models import Convention, Organisme, Service
from ctg.models.contrat import RECTIFIER
from ctg.resources import LienWidget, NaturelleResource
from fiches.models import Axe, FicheProjet


def _axes(row):
    return Axe.objects.filter(convention__slug=row["convention"]).en_vigueur(au=timezone.localdate())


class AxeWidget(LienWidget):
    """An axe in force, by its code in the convention of the row."""

    def get_queryset(self, value, row, *args, **kwargs):
        return _axes(row)


class AxesWidget(ManyToManyWidget):
    def clean(self, value, row=None, **kwargs):
        codes = [code.strip() for code in str(value or "").split(self.separator) if code.strip()]
        axes = list(_axes(row).filter(code__in=codes))
        if inconnus := set(codes) - {axe.code for axe in axes}:
            raise ValueError(f"axe inconnu : « {', '.join(sorted(inconnus))} ». Corrigez le code.")
        return axes


class FicheResource(NaturelleResource):
    convention = fields.Field("convention", "convention", LienWidget(Convention, "slug"))
    axe = fields.Field("axe", "axe", AxeWidget(Axe, "code"))
    axes = fields.Field("axes", "axes", AxesWidget(Axe, separator="|", field="code"))
    pilote = fields.Field("pilote", "pilote", LienWidget(Organisme, "nom"))
    service_pilote = fields.Field("service_pilote", "service_pilote", LienWidget(Service, "nom"))

    class Meta(NaturelleResource.Meta):
        model = FicheProjet
        import_id_fields = ("convention", "code")
        fields = (
            "convention",
            "code",
            "axe",
            "axes",
            "numero",
            "intitule",
            "constat",
            "objectif_general",
            "description",
            "publics",
            "territoire",
            "pilote",
            "service_pilote",
            "participation",
            "participation_detail",
            "resultats_attendus",
            "statut",
            "priorite",
            "source",
            "source_complements",
            "mention",
            "a_verifier",
        )

    def save_m2m(self, instance, row, **kwargs):
        """The axes that a fiche carries are signed, like its title."""
        avant = set(instance.axes.values_list("pk", flat=True))
        super().save_m2m(instance, row, **kwargs)
        apres = set(instance.axes.values_list("pk", flat=True))
        dit = str(row.get("rectification") or "").strip() or instance.is_projet
        if avant and avant != apres and not dit:
            raise ValidationError({"axes": RECTIFIER})

    def get_queryset(self):
        fiches = super().get_queryset().en_vigueur(au=timezone.localdate())
        related = fiches.select_related("convention", "axe", "pilote", "service_pilote").prefetch_related(
            "axes"
        )
        return related.order_by("convention", "code")
