"""Import and export of the definitions of indicators. Values have no door here: they are entered."""

from django.utils import timezone
from import_export import fields

from ctg.resources import LienWidget, NaturelleResource
from evaluation.models import Indicateur
from fiches.models import FicheProjet


class FicheWidget(LienWidget):
    """A fiche in force, named « dijon-2024/PE-1 »."""

    def clean(self, value, row=None, **kwargs):
        slug, _, code = str(value or "").partition("/")
        try:
            fiches = FicheProjet.objects.filter(convention__slug=slug).en_vigueur(au=timezone.localdate())
            return fiches.get(code=code)
        except FicheProjet.DoesNotExist:
            raise ValueError(f"fiche inconnue : « {value} ». Écrivez par exemple dijon-2024/PE-1.") from None

    def render(self, value, obj=None, **kwargs):
        return f"{value.convention.slug}/{value.code}" if value else ""


class IndicateurResource(NaturelleResource):
    fiche = fields.Field("fiche", "fiche", FicheWidget(FicheProjet))

    class Meta(NaturelleResource.Meta):
        model = Indicateur
        import_id_fields = ("fiche", "code")
        fields = (
            "fiche",
            "code",
            "ordre",
            "intitule",
            "definition",
            "nature",
            "type_indicateur",
            "unite",
            "periodicite",
            "periode",
            "sens",
            "valeur_depart",
            "date_depart",
            "borne_min",
            "borne_max",
            "producteur",
            "ventilation",
            "agregation",
            "source",
        )

    def get_queryset(self):
        indicateurs = super().get_queryset().en_vigueur(au=timezone.localdate())
        return indicateurs.select_related("fiche__convention").order_by("code")
