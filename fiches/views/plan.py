"""The plan as a whole: tree, articulation with the démarches, means."""

from decimal import Decimal

from django.contrib import messages
from django.urls import reverse
from django.utils import timezone
from django.views.generic import TemplateView

from ctg.barres import Barres, dessiner_barres
from ctg.models import ThematiqueDemarche
from ctg.permissions import check
from ctg.templatetags.affichage import montant, pluriel
from ctg.views import ConventionMixin
from ctg.views.dates import date_demandee
from fiches.arbre import construire_arbre
from fiches.etats import etats_au
from fiches.lecture import collect_faits
from fiches.models import FicheProjet
from fiches.reports import LigneMoyens, additionner, collect_articulation, collect_moyens


class ArbreView(ConventionMixin, TemplateView):
    """Drawn, or with its texts (`?vue=textes`). Before today, a status is that of the last year that had ended."""

    template_name = "fiches/arbre.html"

    def get_context_data(self, **kwargs):
        au, today = date_demandee(self.request), timezone.localdate()
        lit_chiffres = bool(check(self.request.user, "ctg.lire_chiffres", self.convention))
        fiches = FicheProjet.objects.filter(convention=self.convention)
        fins = etats_au(self.request.user, self.convention, au) if lit_chiffres and au < today else None
        if montre_l_etat := lit_chiffres and au == today:
            faits = collect_faits(self.request.user, self.convention)
            fiches = fiches.with_etapes(au=today, faites=faits.faites("etapes__"))
        return super().get_context_data(
            racines=construire_arbre(self.convention, au=au, fiches=fiches),
            fins=fins,
            au=au,
            vue="textes" if self.request.GET.get("vue") == "textes" else "schema",
            today=today,
            montre_l_etat=montre_l_etat,
            lit_chiffres=lit_chiffres,
            url_avant=self._url_avant(),
            **kwargs,
        )

    def _url_avant(self) -> str:
        """The tree that this one continues, for who reads it."""
        avant = self.convention.predecesseur if self.convention.predecesseur_id else None
        if avant is None or not check(self.request.user, "fiches.consulter", avant):
            return ""
        return reverse("fiches:arbre", args=[avant.slug])


class DemarchesView(ConventionMixin, TemplateView):
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
        articulation = collect_articulation(self.convention)
        return super().get_context_data(demarches=demarches, articulation=articulation, **kwargs)


class MoyensView(ConventionMixin, TemplateView):
    """Means by signataire, axe and year: figures, hence not for those who wait for the bilan."""

    permission_code = "ctg.lire_chiffres"
    template_name = "fiches/moyens.html"

    def get_context_data(self, **kwargs):
        texte = self.request.GET.get("annee", "")
        annee = int(texte) if texte.isascii() and texte.isdigit() and len(texte) == 4 else None
        if texte and annee is None:
            messages.warning(self.request, "Cette année n’existe pas : voici toutes les années.")
        faits = collect_faits(self.request.user, self.convention)
        moyens = collect_moyens(self.convention, annee=annee, faits=faits)
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
