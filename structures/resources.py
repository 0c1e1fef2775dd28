"""Import and export of the registry."""

from import_export import fields

from ctg.models import Organisme, Quartier, Territoire
from ctg.resources import LienWidget, NaturelleResource
from structures.models import Structure, TypeStructure


class QuartierWidget(LienWidget):
    def get_queryset(self, value, row, *args, **kwargs):
        return Quartier.objects.filter(
            decoupage__is_reference=True, decoupage__territoire__nom=row["territoire"]
        )


class StructureResource(NaturelleResource):
    territoire = fields.Field("territoire", "territoire", LienWidget(Territoire, "nom"))
    type_structure = fields.Field("type_structure", "type", LienWidget(TypeStructure, "code"))
    gestionnaire = fields.Field("gestionnaire", "gestionnaire", LienWidget(Organisme, "nom"))
    quartier = fields.Field("quartier", "quartier", QuartierWidget(Quartier, "nom"))

    class Meta(NaturelleResource.Meta):
        model = Structure
        import_id_fields = ("territoire", "code")
        fields = (
            "territoire",
            "code",
            "type_structure",
            "sous_type",
            "nom",
            "adresse",
            "code_postal",
            "commune",
            "gestionnaire",
            "quartier",
            "capacite",
            "latitude",
            "longitude",
            "source",
            "source_complements",
            "mention",
            "a_verifier",
        )

    def get_queryset(self):
        related = ("territoire", "type_structure", "gestionnaire", "quartier")
        return super().get_queryset().select_related(*related).order_by("territoire", "code")
