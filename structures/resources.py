"""Import and export of the registry."""

import re

from django.core.exceptions import ValidationError
from import_export import fields
from import_export.widgets import CharWidget, Widget

from ctg.imports.ressource import ChoixWidget, LienSoupleWidget, SansEffacerMixin
from ctg.models import Organisme, Quartier, Territoire
from ctg.resources import LienWidget, NaturelleResource
from structures.ages import ecrire_age, lire_age
from structures.colonnes import COLONNES
from structures.enums import SituationQPV, SousType
from structures.models import Activite, Structure, TypeStructure


class QuartierMixin:
    """Those of the découpage of reference."""

    def get_queryset(self, value, row, *args, **kwargs):
        return Quartier.objects.filter(
            decoupage__is_reference=True, decoupage__territoire__nom=row["territoire"]
        )


class QuartierWidget(QuartierMixin, LienWidget):
    """By its very name."""


class QuartierSoupleWidget(QuartierMixin, LienSoupleWidget):
    """Accents and case aside."""


class ChiffresWidget(CharWidget):
    """Digits, however they are grouped."""

    def clean(self, value, row=None, **kwargs):
        return re.sub(r"\s", "", str(value or ""))


class CodePostalWidget(ChiffresWidget):
    def clean(self, value, row=None, **kwargs):
        lu = super().clean(value, row, **kwargs)
        if re.fullmatch(r"[0-9]{4}", lu):
            raise ValueError(
                f"« {value} » n’a que quatre chiffres : le tableur a dû ôter le zéro du début. Écrivez 0{lu}, dans une "
                "cellule au format « Texte »."
            )
        return lu


class AgeWidget(Widget):
    """« 10 mois », « 3 ans », as in the form."""

    def clean(self, value, row=None, **kwargs):
        try:
            return lire_age("" if value is None else str(value))
        except ValidationError as error:
            raise ValueError(error.messages[0]) from None

    def render(self, value, obj=None, **kwargs):
        return ecrire_age(value)


class StructureResource(NaturelleResource):
    territoire = fields.Field("territoire", "territoire", LienWidget(Territoire, "nom"))
    type_structure = fields.Field("type_structure", "type", LienWidget(TypeStructure, "code"))
    gestionnaire = fields.Field("gestionnaire", "gestionnaire", LienWidget(Organisme, "nom"))
    quartier = fields.Field("quartier", "quartier", QuartierWidget(Quartier, "nom"))
    age_min = fields.Field("age_min", "age_min", AgeWidget())
    age_max = fields.Field("age_max", "age_max", AgeWidget())

    class Meta(NaturelleResource.Meta):
        model = Structure
        import_id_fields = ("territoire", "code")
        fields = ("territoire", *(colonne.champ for colonne in COLONNES))

    def get_queryset(self):
        related = ("territoire", "type_structure", "gestionnaire", "quartier")
        return super().get_queryset().select_related(*related).order_by("territoire", "code")


class StructureDeConventionResource(SansEffacerMixin, StructureResource):
    """The same in the words of those who keep the registry: names rather than codes."""

    territoire = fields.Field("territoire", "territoire", LienSoupleWidget(Territoire, "nom"))
    type_structure = fields.Field(
        "type_structure", "type", LienSoupleWidget(TypeStructure, "nom", noms=("code",))
    )
    sous_type = fields.Field("sous_type", "sous_type", ChoixWidget(SousType))
    code_postal = fields.Field("code_postal", "code_postal", CodePostalWidget())
    gestionnaire = fields.Field(
        "gestionnaire", "gestionnaire", LienSoupleWidget(Organisme, "nom", noms=("sigle", "autres_graphies"))
    )
    quartier = fields.Field("quartier", "quartier", QuartierSoupleWidget(Quartier, "nom"))
    qpv = fields.Field("qpv", "qpv", ChoixWidget(SituationQPV))
    siret = fields.Field("siret", "siret", ChiffresWidget())

    class Meta(StructureResource.Meta):
        report_skipped = True  # a row of the preview for each row of the file
        skip_html_diff = True


class StructureWidget(LienWidget):
    """A structure by its territoire and its code: « Dijon/a2-01 »."""

    def clean(self, value, row=None, **kwargs):
        territoire, _, code = str(value or "").strip().rpartition("/")
        try:
            return Structure.objects.select_related("territoire").get(territoire__nom=territoire, code=code)
        except Structure.DoesNotExist:
            raise ValueError(
                f"structure inconnue : « {value} ». Écrivez le territoire et le code, par exemple Dijon/a2-01."
            ) from None

    def render(self, value, obj=None, **kwargs):
        return f"{value.territoire.nom}/{value.code}" if value else ""


class ActiviteResource(NaturelleResource):
    """The figures of a structure and a year; an empty cell is a figure that is not known."""

    structure = fields.Field("structure", "structure", StructureWidget(Structure))

    class Meta(NaturelleResource.Meta):
        model = Activite
        import_id_fields = ("structure", "annee")
        fields = (
            "structure",
            "annee",
            "places",
            "heures",
            "enfants",
            "taux_occupation",
            "source",
            "mention",
            "a_verifier",
        )

    def get_queryset(self):
        activites = super().get_queryset().select_related("structure__territoire")
        return activites.order_by("structure__territoire", "structure__code", "annee")
