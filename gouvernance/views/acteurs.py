"""The actors of a convention: matrix, drawing, movements, what waits for a name."""

import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import TemplateView

from ctg.formats import FORMATS_DE_TABLE
from ctg.jour_lu import JourLu
from ctg.permissions import check
from ctg.views import ConventionMixin
from ctg.views.dates import lire_jour
from fiches.enums import RoleImplication
from gouvernance.acteurs import SIGLES, Acteurs, collect_acteurs, comparer
from gouvernance.coordination import collect_coordination
from gouvernance.graphe import TIRETS, dessiner
from gouvernance.reseau import GRAPHML, ecrire_graphml, lire


def _table(ecrire):
    return lambda acteurs: ecrire(acteurs.table())


EXPORTS = {
    **{extension: (_table(ecrire), genre) for extension, (ecrire, genre) in FORMATS_DE_TABLE.items()},
    "graphml": (ecrire_graphml, GRAPHML),
}


class ActeursView(ConventionMixin, TemplateView):
    template_name = "gouvernance/acteurs.html"
    lit_le_jour = True

    @cached_property
    def annee(self) -> int:
        """Of `?annee=`, or of the day of `?au=`; the last one of the convention that has begun, where it is none of them."""
        annees, today = self.convention.annees or [timezone.localdate().year], timezone.localdate()
        jour = lire_jour(self.request.GET.get("au", ""))
        texte = self.request.GET.get("annee") or (str(jour.year) if jour else "")
        if texte.isdecimal() and len(texte) == 4 and int(texte) in annees:
            return int(texte)
        if texte:
            messages.warning(self.request, "Cette année n’est pas de la convention : voici la dernière.")
        return max((annee for annee in annees if annee <= today.year), default=annees[0])

    @cached_property
    def tous(self) -> Acteurs:
        return collect_acteurs(self.convention, self.annee)

    @cached_property
    def montres(self) -> Acteurs:
        demande = self.request.GET
        role = demande.get("role", "")
        axe = demande.get("axe", "")
        return self.tous.filtrer(
            texte=demande.get("q", ""),
            role=role if role in RoleImplication.values else "",
            axe=axe if axe in {colonne.axe for colonne in self.tous.colonnes} else "",
        )

    def get(self, request, *args, **kwargs):
        extension = request.GET.get("export", "")
        if extension not in EXPORTS:
            return super().get(request, *args, **kwargs)
        ecrire, content_type = EXPORTS[extension]
        response = HttpResponse(ecrire(self.montres), content_type=content_type)
        nom = f"acteurs-{self.annee}-{self.convention.slug}.{extension}"
        response["Content-Disposition"] = f'attachment; filename="{nom}"'
        return response

    def get_context_data(self, **kwargs):
        noms = dict(RoleImplication.choices)
        avant, today = self.annee - 1, timezone.localdate()
        mouvements = (
            comparer(collect_acteurs(self.convention, avant), self.tous)
            if avant in self.convention.annees
            else None
        )
        return super().get_context_data(
            annee=self.annee,
            jour=JourLu(min(today, datetime.date(self.annee, 12, 31)), today, self.convention),
            avant=avant,
            annees=self.convention.annees,
            montres=self.montres,
            lignes=[
                (
                    acteur,
                    [
                        (
                            colonne,
                            [(SIGLES[RoleImplication(r)], noms[r]) for r in acteur.liens.get(colonne.pk, ())],
                        )
                        for colonne in self.montres.colonnes
                    ],
                )
                for acteur in self.montres.acteurs
            ],
            graphe=dessiner(self.montres),
            lecture=lire(self.montres),
            legende=[(SIGLES[role], role.label, TIRETS[role]) for role in RoleImplication],
            roles=RoleImplication.choices,
            axes=list(dict.fromkeys(colonne.axe for colonne in self.tous.colonnes)),
            mouvements=mouvements,
            a_nommer=collect_coordination(self.convention, au=today),
            inviter=check(self.request.user, "ctg.inviter", self.convention)
            and check(self.request.user, "ctg.voir_personnes", self.convention),
            formats=sorted(EXPORTS),
            demande={nom: self.request.GET.get(nom, "") for nom in ("q", "role", "axe")},
            **kwargs,
        )
