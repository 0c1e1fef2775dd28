"""Importing observations: a row is a figure of a series, a period and a territory."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export import fields
from import_export.instance_loaders import BaseInstanceLoader
from import_export.widgets import ForeignKeyWidget

from ctg.imports.importable import ColonneImport, Identite, Importable
from ctg.imports.ressource import ChoixWidget, SansEffacerMixin
from ctg.models import Convention
from ctg.nombres import ecrire_nombre
from ctg.recherche import normalise
from ctg.resources import JourWidget, NaturelleResource, NombreWidget
from evaluation.enums import EtatObservation
from evaluation.models import Observation, SerieSociale
from evaluation.veille.formes import CODE, PERIODE, SERIE, TERRITOIRE, VALEUR
from evaluation.veille.lieux import DANS, Lieu, Lieux, lire_cle
from evaluation.veille.periodes import lire_periode
from evaluation.veille.valeurs import NON_DIFFUSEE, lire_valeur

SANS_SERIE = "La ligne ne dit pas de quelle série elle est : écrivez son code, ou choisissez la série en déposant le fichier."
SERIE_INCONNUE = (
    "« {dit} » n’est pas une série de la veille. Corrigez le code ou l’intitulé, ou ajoutez d’abord la série."
)
PLUSIEURS_SERIES = (
    "Plusieurs séries ont l’intitulé « {dit} » : écrivez le code de celle qui convient ({codes})."
)
SANS_LIEU = "La ligne ne dit pas de quel territoire elle est : écrivez la ville, un quartier ou un territoire de comparaison."
LIEU_INCONNU = (
    "« {dit} » n’est ni la ville, ni un quartier, ni un territoire de comparaison. Corrigez-le, ou ajoutez ce nom ou ce code "
    "dans « Territoires et codes »."
)
LIEUX_CONTRAIRES = (
    "Le code « {code} » est celui de « {connu} », et la ligne nomme « {nom} » : corrigez l’un des deux."
)
PAS_COMMENCEE = (
    "« {dit} » n’a pas commencé : une observation est d’une période connue. Corrigez, ou ôtez la ligne."
)


class CodeSerieWidget(ForeignKeyWidget):
    """Found by its key, written by its code."""

    def render(self, value, obj=None, **kwargs):
        return value.code if value else ""


class PeriodeField(fields.Field):
    def export(self, instance, **kwargs):
        return instance.periode if instance.serie_id and instance.debut else ""


class LieuField(fields.Field):
    def save(self, instance, row, is_m2m=False, **kwargs):
        for nom, cle in lire_cle(row[self.column_name]).items():
            setattr(instance, nom, cle)

    def get_value(self, instance):
        return instance.quartier_id, instance.territoire_compare_id

    def export(self, instance, **kwargs):
        """A quartier of another découpage says of which: its name may be that of one of reference."""
        if not instance.serie_id:
            return ""
        quartier = instance.quartier
        if quartier is not None and not quartier.decoupage.is_reference:
            return f"{quartier.decoupage.nom}{DANS}{quartier.nom}"
        return instance.lieu


class ValeurField(fields.Field):
    """The value, and whether it is withheld."""

    def save(self, instance, row, is_m2m=False, **kwargs):
        try:
            lue = lire_valeur(str(row.get(self.column_name) or ""))
        except ValidationError as error:
            raise ValueError(error.messages[0]) from None
        if lue is not None:
            instance.situation, instance.valeur = lue

    def export(self, instance, **kwargs):
        return NON_DIFFUSEE if instance.is_secrete else ecrire_nombre(instance.valeur)


class _Chargeur(BaseInstanceLoader):
    """Those of the series of the file, read once."""

    def __init__(self, resource, dataset=None):
        super().__init__(resource, dataset)
        self._par_cle: dict[tuple[str, str, str], Observation] | None = None

    def get_instance(self, row):
        if self._par_cle is None:
            self._par_cle = self._lire(row)
        return self._par_cle.get((row["serie"], row["periode"], row["territoire"]))

    def _lire(self, row) -> dict:
        series = set(self.dataset["serie"]) if self.dataset is not None else {row["serie"]}
        observations = Observation.objects.filter(serie__in=series).for_report()
        return {
            (
                str(o.serie_id),
                o.debut.isoformat(),
                Lieu("", o.quartier_id, o.territoire_compare_id).cle,
            ): o
            for o in observations.select_related(
                "serie__convention__territoire", "quartier__decoupage", "territoire_compare"
            )
        }


class ObservationResource(SansEffacerMixin, NaturelleResource):
    serie = fields.Field("serie", "serie", CodeSerieWidget(SerieSociale))
    code = fields.Field(column_name="code", readonly=True)  # it only helps to know the territory
    territoire = LieuField("quartier", "territoire")
    periode = PeriodeField("debut", "periode", JourWidget())
    valeur = ValeurField("valeur", "valeur", NombreWidget())
    etat = fields.Field("etat", "etat", ChoixWidget(EtatObservation))

    class Meta(NaturelleResource.Meta):
        model = Observation
        import_id_fields = ("serie", "periode", "territoire")
        fields = ("serie", "code", "territoire", "periode", "valeur", "etat", "source", "mention")
        instance_loader_class = _Chargeur
        report_skipped = True
        skip_html_diff = True

    def skip_row(self, instance, original, row, import_validation_errors=None):
        """An empty figure is missing: the row says nothing."""
        if (
            instance._state.adding
            and not import_validation_errors
            and not str(row.get("valeur") or "").strip()
        ):
            return True
        return super().skip_row(instance, original, row, import_validation_errors)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """What says nothing is not looked at."""
        if instance.valeur is None and not instance.is_secrete and not import_validation_errors:
            return
        super().validate_instance(instance, import_validation_errors, validate_unique)


class ObservationsImportables(Importable):
    code = "observations"
    titre = "Importer des observations"
    quoi = ("valeur", "valeurs")
    espace = "veille"
    parent = ("veille:series", "Veille sociale")
    resource = ObservationResource
    colonnes = (
        ColonneImport("serie", SERIE, ("code de la série", "série", "indicateur")),
        ColonneImport(
            "code",
            CODE,
            ("code", "code insee", "codgeo", "code commune", "code géographique", "code du quartier"),
        ),
        ColonneImport(
            "territoire",
            TERRITOIRE,
            ("quartier", "commune", "nom du quartier", "nom commune", "libellé", "libgeo", "zone", "secteur"),
        ),
        ColonneImport(
            "periode", PERIODE, ("année", "an", "date", "millésime", "année scolaire", "date de référence")
        ),
        ColonneImport(
            "valeur", VALEUR, ("nombre", "effectif", "taux", "montant", "total", "nb", "obs_value")
        ),
        ColonneImport("etat", "État", ("définitif ou provisoire", "statut", "obs_status")),
        ColonneImport("source", "Source", ()),
        ColonneImport("mention", "Mention", ("remarque", "note")),
    )
    exige = (("serie",), ("territoire", "code"), ("periode",), ("valeur",))
    max_lignes = 1500
    note = "Un chiffre vide manque : ce n’est pas zéro, et rien n’est écrit. « non diffusée » est un chiffre que le producteur cache."

    def nommer(self, ligne):
        dits = (ligne.get("serie"), ligne.get("territoire") or ligne.get("code"), ligne.get("periode"))
        return ", ".join(dit.strip() for dit in dits if dit and dit.strip())

    def exporter(self, convention):
        return (
            Observation.objects.filter(serie__convention=convention)
            .select_related("serie__convention__territoire", "quartier__decoupage", "territoire_compare")
            .order_by("serie__code", "debut", "quartier__ordre", "territoire_compare", "pk")
        )

    def identifier(
        self, convention: Convention, lignes: Sequence[Mapping[str, str]], choix: Mapping[int, str]
    ) -> list[Identite]:
        examen, vues, identites = _Reconnaissance(convention), {}, []
        for rang, ligne in enumerate(lignes):
            try:
                cle = examen.reconnaitre(ligne)
            except _InconnuError as inconnu:
                identites.append(Identite(faute=str(inconnu), champ=inconnu.champ))
                continue
            premiere = vues.setdefault(tuple(cle.values()), rang)
            identites.append(Identite(cle, double=None if premiere == rang else premiere))
        return identites


class _InconnuError(Exception):
    """`champ`: the column at fault, or empty for the row."""

    def __init__(self, faute: str, champ: str = ""):
        self.champ = champ
        super().__init__(faute)


class _Reconnaissance:
    def __init__(self, convention: Convention):
        self.lieux, self.today = Lieux(convention), timezone.localdate()
        self.par_code: dict[str, SerieSociale] = {}
        self.par_nom: dict[str, list[SerieSociale]] = {}
        for serie in SerieSociale.objects.filter(convention=convention).order_by("code"):
            self.par_code[serie.code.casefold()] = serie
            self.par_nom.setdefault(normalise(serie.intitule), []).append(serie)

    def reconnaitre(self, ligne: Mapping[str, str]) -> dict[str, str]:
        serie = self._serie(ligne.get("serie", "").strip())
        lieu = self._lieu(ligne.get("code", "").strip(), ligne.get("territoire", "").strip())
        dite = ligne.get("periode", "").strip()
        try:
            debut = lire_periode(dite, serie.periode)
        except ValidationError as error:
            raise _InconnuError(error.messages[0], "periode") from error
        if debut > self.today:
            raise _InconnuError(PAS_COMMENCEE.format(dit=dite), "periode")
        return {"serie": str(serie.pk), "periode": debut.isoformat(), "territoire": lieu.cle}

    def _serie(self, dite: str) -> SerieSociale:
        if not dite:
            raise _InconnuError(SANS_SERIE)
        if trouvee := self.par_code.get(dite.casefold()):
            return trouvee
        trouvees = self.par_nom.get(normalise(dite), [])
        if not trouvees:
            raise _InconnuError(SERIE_INCONNUE.format(dit=dite), "serie")
        if len(trouvees) > 1:
            codes = ", ".join(serie.code for serie in trouvees)
            raise _InconnuError(PLUSIEURS_SERIES.format(dit=dite, codes=codes), "serie")
        return trouvees[0]

    def _lieu(self, code: str, nom: str) -> Lieu:
        """The code settles; a name that says another territory is refused."""
        if not code and not nom:
            raise _InconnuError(SANS_LIEU)
        try:
            par_code, par_nom = self.lieux.trouver(code), self.lieux.trouver(nom)
        except ValidationError as error:
            raise _InconnuError(error.messages[0], "territoire" if nom else "code") from error
        if par_code and par_nom and par_code != par_nom:
            raise _InconnuError(LIEUX_CONTRAIRES.format(code=code, connu=par_code.nom, nom=nom), "territoire")
        trouve = par_code or par_nom
        if trouve is None:
            raise _InconnuError(LIEU_INCONNU.format(dit=nom or code), "territoire" if nom else "code")
        return trouve


OBSERVATIONS = ObservationsImportables()
