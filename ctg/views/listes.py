"""The views of lists: sorting, columns, export, saved views."""

from collections.abc import Callable, Mapping
from contextlib import nullcontext

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils.text import slugify
from django.views.generic import View

from ctg.formats import FORMATS_DE_TABLE
from ctg.fusion import champ
from ctg.listes import Colonne, Demande
from ctg.models import VueEnregistree
from ctg.replique import lire_ailleurs, peut_lire_ailleurs
from ctg.views.mixins import ConventionMixin

NB_VUES = 30  # of one person, on one list
HORS_VUE = ("page", "export")
SUPPRIMEE = "vue_supprimee"  # what the session keeps of the view that was just deleted


class ListeMixin:
    """A FilterView. `colonnes`: all that may be shown; `ordre`: of the rows where nothing is asked."""

    colonnes: tuple[Colonne, ...] = ()
    ordre: tuple = ()
    # {extension: (what writes a table, media type)}
    formats_de_table: Mapping[str, tuple[Callable, str]] = FORMATS_DE_TABLE
    # {extension: (what writes its rows, media type)} beside the tables
    autres_exports: Mapping[str, tuple[Callable, str]] = {}

    def get_colonnes(self) -> tuple[Colonne, ...]:
        return self.colonnes

    @property
    def demande(self) -> Demande:
        return Demande.lire(self.get_colonnes(), self.request.GET)

    def trier(self, queryset):
        return self.demande.trier(queryset, self.ordre)

    def get_context_data(self, **kwargs):
        page, requete = self.request.resolver_match.view_name, self.request.GET.copy()
        for nom in HORS_VUE:
            requete.pop(nom, None)
        vues = VueEnregistree.objects.filter(
            convention=self.convention, utilisateur=self.request.user, page=page
        ).order_by("nom", "pk")
        return super().get_context_data(
            entetes=self.demande.entetes,
            affichees=self.demande.codes,
            formats=sorted(self.exports),
            vues=vues,
            requete=requete.urlencode(),
            page_liste=page,
            vue_supprimee=self._vue_supprimee(page),
            filtres_actifs=filtres_actifs(kwargs.get("filter"), requete),
            **kwargs,
        )

    def get_table(self, lignes) -> list[list]:
        return self.demande.table(lignes)

    def nommer_fichier(self, page: str) -> str:
        """Without its extension; `page` names the list."""
        return slugify(f"{page.replace(':', ' ')} {self.convention.slug}")

    @property
    def exports(self) -> dict[str, tuple[Callable, str]]:
        """{extension: (rows -> bytes, media type)}"""

        def en_table(ecrire: Callable) -> Callable:
            return lambda lignes: ecrire(self.get_table(lignes))

        tables = {ext: (en_table(ecrire), genre) for ext, (ecrire, genre) in self.formats_de_table.items()}
        return tables | dict(self.autres_exports)

    def _vue_supprimee(self, page: str) -> dict | None:
        """Offered once: the page after the deletion is where one sees the mistake."""
        supprimee = self.request.session.get(SUPPRIMEE)
        if supprimee is None or supprimee["page"] != page or supprimee["convention"] != self.convention.pk:
            return None
        return self.request.session.pop(SUPPRIMEE)

    def render_to_response(self, context, **kwargs):
        extension = self.request.GET.get("export", "")
        if extension not in self.exports:
            return super().render_to_response(context, **kwargs)
        ecrire, content_type = self.exports[extension]
        with lire_ailleurs() if peut_lire_ailleurs(self.request) else nullcontext():
            lignes = self.preparer(context["filter"].qs if context["filter"].is_valid() else ())
            response = HttpResponse(ecrire(lignes), content_type=content_type)
        nom = self.nommer_fichier(context["page_liste"])
        response["Content-Disposition"] = f'attachment; filename="{nom}.{extension}"'
        return response

    def preparer(self, lignes):
        """What the export reads of its rows, where the page prepares them too."""
        return lignes


def filtres_actifs(filterset, requete: QueryDict) -> list[tuple[str, str, str]]:
    """(name of the filter, what it says, the address without it) of each filter that narrows the list."""
    actifs = []
    for bound in filterset.form.visible_fields() if filterset is not None else ():
        lu = champ(bound, requete)
        if not lu.canonique or bound.name in bound.form.errors:
            continue
        reste = requete.copy()
        reste.pop(bound.html_name, None)
        dit = "" if lu.canonique == "oui" and lu.affichage == "oui" else lu.affichage or lu.brut[0]
        actifs.append((str(bound.label), dit, f"?{reste.urlencode()}"))
    return actifs


class VueEnregistrerView(ConventionMixin, View):
    """POST: `nom`, `page`, `requete`. The same name takes the place of the view that had it."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        nom, page = request.POST.get("nom", "").strip()[:60], request.POST.get("page", "")
        requete = QueryDict(request.POST.get("requete", "")[:2_000]).urlencode()
        retour = adresse_de(self.convention, page) or self.convention.get_absolute_url()
        miennes = VueEnregistree.objects.filter(
            convention=self.convention, utilisateur=request.user, page=page
        )
        if not nom or not adresse_de(self.convention, page):
            messages.warning(request, "Donnez un nom à cette vue : rien n’est enregistré.")
        elif not requete:
            messages.warning(request, "Filtrez, triez ou choisissez des colonnes : la vue les gardera.")
        elif miennes.count() >= NB_VUES and not miennes.filter(nom=nom).exists():
            messages.warning(request, f"Vous avez déjà {NB_VUES} vues de cette liste : supprimez-en une.")
        else:
            VueEnregistree.objects.update_or_create(
                convention=self.convention,
                utilisateur=request.user,
                page=page,
                nom=nom,
                defaults={"requete": requete},
            )
            messages.success(request, f"La vue « {nom} » est enregistrée : vous seul la voyez.")
        return redirect(f"{retour}?{requete}" if requete else retour)


class VueSupprimerView(ConventionMixin, View):
    """POST: one's own, no other."""

    http_method_names = ["post"]

    def post(self, request, *args, **kwargs):
        miennes = VueEnregistree.objects.filter(convention=self.convention, utilisateur=request.user)
        vue = get_object_or_404(miennes, pk=kwargs["pk"])
        retour = adresse_de(self.convention, vue.page) or self.convention.get_absolute_url()
        vue.delete()
        request.session[SUPPRIMEE] = {
            "convention": self.convention.pk,
            "page": vue.page,
            "nom": vue.nom,
            "requete": vue.requete,
        }
        return redirect(retour)


def adresse_de(convention, page: str) -> str:
    """The address of a list; empty for what is not one."""
    try:
        return reverse(page, kwargs={"convention": convention.slug}) if ":" in page else ""
    except NoReverseMatch:
        return ""
