"""Importing the yearly activity: a row is a structure of the convention and a year."""

from collections.abc import Mapping, Sequence
from operator import attrgetter

from django.utils import timezone
from import_export import fields

from ctg.imports.importable import ColonneImport, Identite, Importable
from ctg.imports.ressource import SansEffacerMixin
from ctg.models import Convention
from ctg.recherche import normalise
from ctg.resources import NombreWidget
from structures.models import Activite, Structure
from structures.models.activite import ANNEE_MAX, ANNEE_MIN
from structures.resources import ActiviteResource, StructureWidget

DES_STRUCTURES = {"structure": "code", "nom": "nom"}
TYPE, QUARTIER = "Type", "Quartier"  # in the list; they change in the registry
SANS_STRUCTURE = "La ligne ne dit pas de quelle structure elle parle : écrivez son code ou son nom."
INCONNUE = "« {dit} » n’est pas une structure du registre. Corrigez le code ou le nom, ou ajoutez d’abord la structure."
PLUSIEURS = "Plusieurs structures portent le nom « {dit} » : écrivez le code de celle qui convient ({codes})."
CONTRAIRES = "Le code « {code} » est celui de « {connue} », et la ligne nomme « {nom} » : corrigez l’un des deux, ou videz le nom."
HORS_CONVENTION = (
    "{dit} n’est pas une année de la convention ({debut} à {fin}) : corrigez l’année, ou ôtez la ligne."
)
PAS_COMMENCEE = "L’année {dit} n’a pas commencé : corrigez l’année, ou ôtez la ligne."
SANS_ANNEE = "« {dit} » n’est pas une année : écrivez par exemple 2025."


class CodeWidget(StructureWidget):
    """Found by its territoire and its code; written by its code alone, as the registry lists it."""

    def render(self, value, obj=None, **kwargs):
        return value.code if value else ""


class ActiviteDeConventionResource(SansEffacerMixin, ActiviteResource):
    structure = fields.Field("structure", "structure", CodeWidget(Structure))
    nom = fields.Field("structure__nom", "nom", readonly=True)
    taux_occupation = fields.Field("taux_occupation", "taux_occupation", NombreWidget(suffixes="%"))

    class Meta(ActiviteResource.Meta):
        fields = (*ActiviteResource.Meta.fields, "nom")
        report_skipped = True  # a row of the preview for each row of the file
        skip_html_diff = True

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """A list of all structures has rows of which nothing is known: they say nothing."""
        if instance._state.adding and instance.est_vide and not import_validation_errors:
            return not (instance.source or instance.mention or instance.a_verifier)
        return super().skip_row(instance, original, row, import_validation_errors)


class ActivitesImportables(Importable):
    code = "activites"
    titre = "Importer l’activité annuelle"
    quoi = ("ligne", "lignes")
    espace = "structures:import_activite"
    parent = ("structures:activites", "Activité")
    resource = ActiviteDeConventionResource
    colonnes = (
        ColonneImport("structure", "Code de la structure", ("code", "structure", "identifiant")),
        ColonneImport("nom", "Nom", ("nom de la structure", "équipement", "établissement")),
        ColonneImport("annee", "Année", ("exercice", "an")),
        ColonneImport("places", "Places", ("capacité", "nombre de places")),
        ColonneImport("heures", "Heures réalisées", ("heures", "nombre d’heures", "heures enfants")),
        ColonneImport("enfants", "Enfants accueillis", ("enfants", "nombre d’enfants")),
        ColonneImport(
            "taux_occupation", "Taux d’occupation (%)", ("occupation", "taux d’occupation", "taux")
        ),
        ColonneImport("source", "Source", ()),
        ColonneImport("mention", "Mention", ()),
        ColonneImport("a_verifier", "À vérifier", ()),
    )
    exige = (("structure", "nom"), ("annee",))
    hors_import = (TYPE, QUARTIER)
    note = "Un chiffre vide n’est pas connu : ce n’est pas zéro."

    def nommer(self, ligne):
        dit = (ligne.get("nom") or ligne.get("structure") or "").strip()
        return f"{dit}, {ligne.get('annee', '').strip()}"

    def exporter(self, convention):
        activites = Activite.objects.filter(structure__in=self._structures(convention).values("pk"))
        if convention.annees:
            activites = activites.filter(annee__in=convention.annees)
        return activites.select_related("structure").order_by("annee", "structure__code", "pk")

    def identifier(
        self, convention: Convention, lignes: Sequence[Mapping[str, str]], choix: Mapping[int, str]
    ) -> list[Identite]:
        structures = list(self._structures(convention))
        par_code = {structure.code.casefold(): structure for structure in structures}
        par_nom: dict[str, list[Structure]] = {}
        for structure in structures:
            for nom in {normalise(n) for n in (structure.nom, *structure.autres_graphies.splitlines())}:
                par_nom.setdefault(nom, []).append(structure)
        territoire, annees, vues, identites = convention.territoire.nom, convention.annees, {}, []
        for rang, ligne in enumerate(lignes):
            structure, faute, champ = _reconnaitre(ligne, par_code, par_nom)
            annee = ligne.get("annee", "").strip()
            if not faute:
                faute, champ = _refuser_annee(annee, annees, timezone.localdate().year), "annee"
            if faute:
                identites.append(Identite(faute=faute, champ=champ))
                continue
            cle = {"structure": f"{territoire}/{structure.code}", "annee": str(int(annee))}
            identites.append(Identite(cle, double=vues.setdefault(tuple(cle.values()), rang)))
            if identites[-1].double == rang:
                identites[-1] = Identite(cle)
        return identites

    def exporter_chiffres(self, *champs: str):
        """(title, value) of rows that are structures `with_activite`."""
        titres = {colonne.champ: colonne.titre for colonne in self.colonnes}
        return tuple(
            (titres[champ], attrgetter(DES_STRUCTURES.get(champ, f"activite_{champ}"))) for champ in champs
        )

    @staticmethod
    def _structures(convention: Convention):
        return Structure.objects.du_registre(convention, is_tenu=True)


def _refuser_annee(dite: str, annees: Sequence[int], cette_annee: int) -> str:
    """Why this year is not taken, or nothing."""
    if not (dite.isdecimal() and ANNEE_MIN <= int(dite) <= ANNEE_MAX):
        return SANS_ANNEE.format(dit=dite)
    if annees and int(dite) not in annees:
        return HORS_CONVENTION.format(dit=dite, debut=annees[0], fin=annees[-1])
    return PAS_COMMENCEE.format(dit=dite) if int(dite) > cette_annee else ""


def _reconnaitre(ligne, par_code, par_nom) -> tuple[Structure | None, str, str]:
    """(structure, "", "") or (None, why there is none, the column at fault).

    The code settles; a name is enough where one structure has it.
    """
    code, nom = ligne.get("structure", "").strip(), ligne.get("nom", "").strip()
    if not code and not nom:
        return None, SANS_STRUCTURE, ""
    if connue := par_code.get(code.rpartition("/")[2].casefold()):
        if nom and connue not in par_nom.get(normalise(nom), []):
            return None, CONTRAIRES.format(code=code, connue=connue, nom=nom), "nom"
        return connue, "", ""
    trouvees = par_nom.get(normalise(nom or code), [])
    if len(trouvees) == 1 and (not code or not nom):
        return trouvees[0], "", ""
    if len(trouvees) > 1:
        codes = ", ".join(s.code for s in trouvees)
        return None, PLUSIEURS.format(dit=nom or code, codes=codes), "nom" if nom else "structure"
    return None, INCONNUE.format(dit=code or nom), "structure" if code else "nom"


ACTIVITES = ActivitesImportables()
