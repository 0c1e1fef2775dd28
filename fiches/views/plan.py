"""The plan as a whole: tree, articulation with the démarches, means."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import TemplateView, View

from ctg.barres import Barres, dessiner_barres
from ctg.models import ThematiqueDemarche
from ctg.panneaux import composer
from ctg.permissions import check
from ctg.templatetags.affichage import montant, pluriel
from ctg.views import ConventionMixin
from ctg.views.dates import DateeMixin, date_facultative
from fiches.arbre import construire_arbre
from fiches.comparaison import comparer_arbres
from fiches.etats import etats_au
from fiches.lecture import collect_faits
from fiches.models import FicheProjet
from fiches.renderers import render_comparaison_pdf
from fiches.reports import LigneMoyens, additionner, collect_articulation, collect_moyens


class ArbreView(DateeMixin, ConventionMixin, TemplateView):
    """Drawn, or with its texts (`?vue=textes`). Before today, a status is that of the last year that had ended.

    `?depuis=`: another day, with which it is compared.
    """

    template_name = "fiches/arbre.html"

    def get_context_data(self, **kwargs):
        jour = self.jour
        lit_chiffres = bool(check(self.request.user, "ctg.lire_chiffres", self.convention))
        fiches = FicheProjet.objects.filter(convention=self.convention)
        fins = (
            etats_au(self.request.user, self.convention, jour.au) if lit_chiffres and jour.is_passe else None
        )
        if montre_l_etat := lit_chiffres and not jour.is_autre:
            faits = collect_faits(self.request.user, self.convention)
            fiches = fiches.with_etapes(au=jour.au, faites=faits.faites("etapes__"))
        depuis, changements = date_facultative(self.request, "depuis"), None
        du, jusqu_au = sorted((depuis or jour.au, jour.au))
        if depuis is not None:
            changements = comparer_arbres(self.convention, depuis=du, au=jusqu_au)
        return super().get_context_data(
            depuis=depuis,
            changements=changements,
            du=du,
            jusqu_au=jusqu_au,
            racines=construire_arbre(self.convention, au=jour.au, fiches=fiches),
            fins=fins,
            vue="textes" if self.request.GET.get("vue") == "textes" else "schema",
            montre_l_etat=montre_l_etat,
            lit_chiffres=lit_chiffres,
            panneaux=[]
            if jour.is_autre
            else composer("arbre", self.request, self.convention, self.convention),
            url_avant=self._url_avant(),
            **kwargs,
        )

    def _url_avant(self) -> str:
        """The tree that this one continues, for who reads it."""
        avant = self.convention.predecesseur if self.convention.predecesseur_id else None
        if avant is None or not check(self.request.user, "fiches.consulter", avant):
            return ""
        return reverse("fiches:arbre", args=[avant.slug])


class ComparaisonView(DateeMixin, ConventionMixin, View):
    """What changed of the tree between `?depuis=` and `?au=`, as PDF."""

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.depuis = date_facultative(request, "depuis")

    def page_du_fichier(self) -> str:
        return reverse("fiches:arbre", args=[self.convention.slug])

    def get(self, request, *args, **kwargs):
        if self.depuis is None:
            messages.info(request, "Choisissez d’abord la date avec laquelle comparer l’arbre.")
            return redirect(self.page_du_fichier())
        du, au = sorted((self.depuis, self.jour.au))
        changements = comparer_arbres(self.convention, depuis=du, au=au)
        octets = render_comparaison_pdf(self.convention, changements, depuis=du, au=au)
        response = HttpResponse(octets, content_type="application/pdf")
        nom = f"arbre-compare-{self.convention.slug}-{du.isoformat()}-{au.isoformat()}.pdf"
        response["Content-Disposition"] = f'attachment; filename="{nom}"'
        return response


class DemarchesView(DateeMixin, ConventionMixin, TemplateView):
    """The axes and the fiches are those of the day; the démarches have no date."""

    template_name = "fiches/demarches.html"

    def get_context_data(self, **kwargs):
        thematiques = ThematiqueDemarche.objects.order_by("ordre", "pk")
        par_demarche: dict[int, list] = {}
        for thematique in thematiques.filter(demarche__convention=self.convention):
            par_demarche.setdefault(thematique.demarche_id, []).append(thematique)
        demarches = [
            {"demarche": demarche, "thematiques": par_demarche.get(demarche.pk, [])}
            for demarche in self.convention.demarches.order_by("ordre", "pk")
        ]
        articulation = collect_articulation(self.convention, au=self.jour.au)
        return super().get_context_data(demarches=demarches, articulation=articulation, **kwargs)


class MoyensView(DateeMixin, ConventionMixin, TemplateView):
    """Means by signataire, axe and year: figures, hence not for those who wait for the bilan.

    At another day: of the fiches that were in force, under their axe of that day.
    """

    permission_code = "ctg.lire_chiffres"
    template_name = "fiches/moyens.html"

    def get_context_data(self, **kwargs):
        texte = self.request.GET.get("annee", "")
        annee = int(texte) if texte.isascii() and texte.isdigit() and len(texte) == 4 else None
        if texte and annee is None:
            messages.warning(self.request, "Cette année n’existe pas : voici toutes les années.")
        faits = collect_faits(self.request.user, self.convention)
        au = self.jour.au if self.jour.is_autre else None
        moyens = collect_moyens(self.convention, annee=annee, faits=faits, au=au)
        return super().get_context_data(
            moyens=moyens,
            par_signataire=_barres(moyens.totaux, lambda ligne: ligne.signataire),
            par_axe=_barres(moyens.par_axe, lambda ligne: ligne.axe),
            **kwargs,
        )


def _barres(lignes, nommer) -> Barres | None:
    """Euros spent of all natures, with the mark of what was planned, by signataire or by axe."""
    groupes: dict[str, list[LigneMoyens]] = {}
    for ligne in lignes:
        if not ligne.is_etp:
            groupes.setdefault(nommer(ligne), []).append(ligne)
    return dessiner_barres(_barre(nom, siennes) for nom, siennes in groupes.items())


def _barre(nom: str, lignes: list[LigneMoyens]) -> tuple[str, Decimal | None, Decimal | None, str]:
    """A sum of a part of the amounts says of how many."""
    realise, prevu = (
        additionner([getattr(ligne, quoi).somme for ligne in lignes]).somme for quoi in ("realise", "prevu")
    )
    nb, sur = sum(ligne.realise.nb for ligne in lignes), sum(ligne.realise.sur for ligne in lignes)
    connus = f" — {nb} {pluriel(nb, 'montant connu,montants connus')} sur {sur}" if nb < sur else ""
    return f"{nom}{connus}", realise, prevu, f"réalisé {montant(realise)}, prévu {montant(prevu)}"
