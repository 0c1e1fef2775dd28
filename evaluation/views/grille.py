"""The entry grid of a year, and the saving of one of its lines as it is left."""

from functools import cached_property

from django.contrib import messages
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.generic import TemplateView, View

from ctg.permissions import check
from ctg.templatetags.affichage import pluriel
from ctg.views import BrouillonMixin
from evaluation.affichage_grille import RIEN, CelluleAffichee, afficher
from evaluation.cellules import Issue, Retour, cellules, enregistrer, noms_recus, recues
from evaluation.formulaires_grille import FiltreForm
from evaluation.grille import Grille, LigneGrille, collect_grille
from evaluation.views.annee import AnneeMixin


class GrilleMixin(AnneeMixin):
    permission_code = "evaluation.grille"

    @cached_property
    def grille(self) -> Grille:
        return collect_grille(
            self.convention, self.kwargs["annee"], user=self.request.user, today=timezone.localdate()
        )

    def lignes_recues(self, data: QueryDict) -> list[LigneGrille]:
        """Those whose cells were sent; a cell that the person does not enter is not found."""
        noms = noms_recus(data)
        if inconnus := noms - set(self.grille.par_cle):
            raise Http404(f"Ces cellules ne sont pas de votre grille : {len(inconnus)}.")
        recues_ = {id(ligne) for ligne in (self.grille.par_cle[nom] for nom in noms)}
        return [ligne for ligne in self.grille if id(ligne) in recues_]


class GrilleView(BrouillonMixin, GrilleMixin, TemplateView):
    """The page; as a plain form, it saves every valid cell and shows the others with what was typed."""

    template_name = "evaluation/grille.html"

    def post(self, request, *args, **kwargs):
        if reponse := self.avant_enregistrement():
            return reponse
        # Kept for the page too, which shows what was typed.
        self.recu = request.POST
        data, now, retours = self.recu, timezone.now(), {}
        envoyees = [ligne for ligne in self.lignes_recues(data) if recues(ligne, data)]
        for groupe in self.grille.groupes:
            lignes = [ligne for ligne in envoyees if ligne.groupe is groupe]
            if lignes:
                retours |= enregistrer(groupe, lignes, data, user=request.user, now=now)
        nb = sum(retour.issue == Issue.ENREGISTREE for retour in retours.values())
        if any(retour.is_rejet for retour in retours.values()):
            return self.render_to_response(self.get_context_data(retours=retours, nb=nb, heure=now))
        self.recevoir()
        messages.success(request, f"{_compter(nb)}.") if nb else messages.info(request, "Rien n’a changé.")
        return redirect(self.get_success_url())

    def get_success_url(self):
        return self.request.get_full_path()

    def get_context_data(self, *, retours=None, nb=0, heure=None, **kwargs):
        brouillon = self.brouillon_data
        data = self.recu if retours else brouillon
        tous = "toute la convention"
        if not check(self.request.user, "evaluation.campagne", self.convention):
            tous = "tout ce que je peux saisir" if len(self._axes) != 1 else "tout mon axe"
        filtre = FiltreForm(self.request.GET, grille=self.grille, tous=tous)
        groupes, rejets = [], []
        for groupe in self.grille.groupes:
            lignes = []
            for ligne in groupe.lignes:
                affichee = afficher(ligne, data=data, retours=retours, est_brouillon=bool(brouillon))
                rejetes = [
                    (ligne, montree)
                    for montree in [*affichee.cellules.values(), *(part.saisie for part in affichee.parts)]
                    if montree.retour.is_rejet
                ]
                rejets += rejetes
                if rejetes or filtre.retient(ligne):
                    lignes.append(affichee)
            if lignes:
                groupes.append((groupe, lignes))
        return super().get_context_data(
            groupes=groupes,
            grille=self.grille,
            filtre=filtre,
            nb_lignes=sum(len(lignes) for _, lignes in groupes),
            rejets=rejets,
            resume=_resumer(nb, len(rejets)) if rejets else "",
            heure=heure,
            **kwargs,
        )

    @property
    def _axes(self) -> set[int]:
        return {groupe.fiche.axe_id for groupe in self.grille.groupes}


class CelluleView(GrilleMixin, View):
    """The cells of one line, as they are left: what became of each, and what the page is to show."""

    http_method_names = ["post", "options"]

    def post(self, request, *args, **kwargs):
        lignes = self.lignes_recues(request.POST)
        if len(lignes) != 1:
            raise Http404("Une ligne à la fois.")
        ligne, now = lignes[0], timezone.now()
        retours = enregistrer(ligne.groupe, lignes, request.POST, user=request.user, now=now)
        reponses = {
            cellule.cle: self._reponse(cellule, retours.get(cellule.cle, RIEN), now)
            for cellule in cellules(ligne)
            if f"vu-{cellule.cle}" in request.POST
        }
        return JsonResponse(
            {
                "indicateur": ligne.indicateur.pk,
                "cellules": reponses,
                "ecart": ligne.ecart,
                "rapprochement": ligne.rapprochement,
                "discordante": ligne.est_discordante,
                "compte": render_to_string(
                    "evaluation/_completude.html", {"completude": self.grille.completude}
                ),
            }
        )

    def _reponse(self, cellule, retour: Retour, now) -> dict:
        montree = CelluleAffichee(cellule, cellule.empreinte(), retour)
        return {
            "issue": retour.issue,
            "raison": " ".join(retour.phrases),
            "invalides": [f"{cellule.form.prefix}-{nom}" for nom in retour.erreurs],
            "retour": render_to_string("evaluation/_grille_retour.html", {"montree": montree, "heure": now}),
            # What was refused stays as it was typed; the rest is shown as it is saved.
            "champs": {} if retour.is_rejet else cellule.valeurs(),
            "vu": self.request.POST[f"vu-{cellule.cle}"] if retour.issue == Issue.CONFLIT else montree.vu,
        }


def _compter(nb: int) -> str:
    return f"{nb} cellule{pluriel(nb)} enregistrée{pluriel(nb)}"


def _resumer(nb: int, nb_rejets: int) -> str:
    return f"{_compter(nb)}, {nb_rejets} refusée{pluriel(nb_rejets)}"
