"""The series of the social watch: all of them, and one with its charts."""

from django.core.exceptions import PermissionDenied
from django.db.models import F, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView
from django_filters.views import FilterView

from ctg.formats import FORMATS_DE_TABLE
from ctg.imports.sorties import exporter
from ctg.listes import Colonne
from ctg.permissions import check
from ctg.views import ConventionMixin
from ctg.views.listes import ListeMixin
from evaluation.etincelles import petits_multiples
from evaluation.models import NoteVeille, SerieSociale
from evaluation.veille.alertes import alertes_de, dire_seuil, ordonnes
from evaluation.veille.courbes import dessiner_courbes
from evaluation.veille.filters import SerieFilterSet
from evaluation.veille.imports import OBSERVATIONS
from evaluation.veille.lecture import lit_tout, series_lisibles
from evaluation.veille.reports import collect_series

EXPORT = ("serie", "territoire", "periode", "valeur", "etat", "source", "mention")


def _couverture(serie) -> str:
    couverture = serie.lue.derniere_couverture if serie.lue.quartiers else None
    return f"{couverture.nb_connus} sur {couverture.nb}" if couverture else ""


def _valeur(serie):
    return serie.lue.ville.dernier.valeur if serie.lue.ville.dernier else None


COLONNES = (
    Colonne(
        "serie",
        "Série",
        (
            ("Code", lambda serie: serie.code),
            ("Série", lambda serie: serie.intitule),
            ("Unité", lambda serie: serie.unite),
        ),
        ("intitule",),
    ),
    Colonne("theme", "Thème", (("Thème", lambda serie: serie.theme),), ("theme",)),
    Colonne(
        "periode",
        "Dernière période",
        (("Dernière période", lambda serie: serie.lue.derniere_periode),),
        (F("derniere").asc(nulls_first=True),),
    ),
    Colonne("ville", "Ville", (("Dernière valeur de la ville", _valeur),)),
    Colonne("evolution", "Évolution", ()),
    Colonne("couverture", "Quartiers connus", (("Quartiers connus", _couverture),)),
    Colonne("alertes", "Alertes", (("Alertes", lambda serie: len(serie.alertes)),)),
    Colonne(
        "source", "Source", (("Source", lambda serie: serie.producteur),), ("producteur",), is_en_plus=True
    ),
)


class SeriesView(ListeMixin, ConventionMixin, FilterView):
    """Whoever holds a mandate reads the series of published data; alerts are the team's and the Caf's."""

    ordre = ("theme", "intitule", "pk")
    filterset_class = SerieFilterSet
    template_name = "evaluation/veille/series.html"
    paginate_by = 40

    def get_colonnes(self):
        tout = lit_tout(self.request.user, self.convention)
        return COLONNES if tout else tuple(c for c in COLONNES if c.code != "alertes")

    def get_queryset(self):
        series = series_lisibles(self.request.user, self.convention).select_related("convention")
        return self.trier(series.annotate(derniere=Max("observations__debut")).prefetch_related("seuils"))

    def preparer(self, lignes):
        series = list(lignes)
        lues = collect_series(series, self.convention)
        for serie in series:
            serie.lue = lues[serie.pk]
            serie.alertes = alertes_de(serie.lue, ordonnes(serie))
            serie.dessin = petits_multiples(
                {serie.intitule: serie.lue.ville.valeurs}, serie.lue.periodes, serie.unite
            )[serie.intitule]
        return series

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        user = self.request.user
        lisibles = series_lisibles(user, self.convention)
        return context | {
            "series": self.preparer(context["page_obj"].object_list),
            "is_vide": not lisibles.exists(),
            "lit_tout": lit_tout(user, self.convention),
        }


class SerieMixin(ConventionMixin):
    """The series of the address, in what this person reads."""

    def get_serie(self) -> SerieSociale:
        series = SerieSociale.objects.filter(convention=self.convention)
        serie = get_object_or_404(series.select_related("convention__territoire"), code=self.kwargs["code"])
        if not serie.is_publique and not (
            access := check(self.request.user, "evaluation.lire_veille", self.convention)
        ):
            raise PermissionDenied(access.reason)
        return serie


class SerieView(SerieMixin, DetailView):
    """`?decoupage=`: whose quartiers are shown; `?export=`: its figures, as the import takes them back."""

    template_name = "evaluation/veille/serie.html"
    context_object_name = "serie"

    def get_object(self, queryset=None):
        return self.get_serie()

    def get(self, request, *args, **kwargs):
        if (extension := request.GET.get("export", "")) in FORMATS_DE_TABLE:
            return self._exporter(extension)
        return super().get(request, *args, **kwargs)

    def _exporter(self, extension: str) -> HttpResponse:
        serie = self.get_serie()
        colonnes = exporter(OBSERVATIONS, *EXPORT)
        observations = OBSERVATIONS.exporter(self.convention).filter(serie=serie)
        table = [[titre for titre, _ in colonnes], *([v(o) for _, v in colonnes] for o in observations)]
        ecrire, genre = FORMATS_DE_TABLE[extension]
        reponse = HttpResponse(ecrire(table), content_type=genre)
        reponse["Content-Disposition"] = f'attachment; filename="veille-{serie.code}.{extension}"'
        return reponse

    def get_context_data(self, **kwargs):
        serie, user = self.object, self.request.user
        tout = lit_tout(user, self.convention)
        lue = collect_series([serie], self.convention, decoupage=self.request.GET.get("decoupage", ""))[
            serie.pk
        ]
        seuils = ordonnes(serie) if tout else []
        dessins = petits_multiples(
            {ligne.nom: ligne.valeurs for ligne in lue.quartiers}, lue.periodes, serie.unite, lue.reperes
        )
        return super().get_context_data(
            lue=lue,
            courbes=dessiner_courbes(lue),
            multiples=[(ligne, dessins[ligne.nom]) for ligne in lue.quartiers],
            ecarts=lue.get_ecarts(),
            reste=lue.get_reste(),
            alertes=alertes_de(lue, seuils),
            seuils=[(seuil, dire_seuil(seuil, serie.unite)) for seuil in seuils],
            notes=NoteVeille.objects.filter(serie=serie).for_list().order_by("-date", "-pk") if tout else [],
            axes=serie.axes.order_by("code", "pk"),
            fiches=serie.fiches.order_by("axe__ordre", "numero", "pk"),
            formats=sorted(FORMATS_DE_TABLE),
            lit_tout=tout,
            **kwargs,
        )
