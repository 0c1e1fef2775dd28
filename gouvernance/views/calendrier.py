"""The calendar of a convention, and the forms of its dates."""

import datetime

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.generic import DetailView, TemplateView

from ctg.calendrier import collect_dates, natures
from ctg.models import Convention, Quartier
from ctg.perimetres import droits
from ctg.permissions import check
from ctg.views import ConventionMixin
from ctg.views.mixins import exiger
from gouvernance.calendrier import (
    Mois,
    annees_du_calendrier,
    dessiner_grille,
    dessiner_liste,
    dessiner_mois,
    semestres,
)
from gouvernance.forms_calendrier import DateAnnuelleForm, JalonForm
from gouvernance.jalons import enregistrer_date_annuelle, enregistrer_jalon, retirer_jalon
from gouvernance.models import DateAnnuelle, Jalon
from gouvernance.views.simples import FormulaireView, RetraitView

VUES = {"grille": "Quartiers et semestres", "mois": "Mois", "liste": "Liste"}
TOUTES = "toutes"


class CalendrierView(ConventionMixin, TemplateView):
    """`vue`; `annee` (or « toutes ») of the grid and of the list; `mois`; `quartier` and `nature` narrow all three."""

    template_name = "gouvernance/calendrier.html"

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.today = timezone.localdate()
        self.vue = request.GET.get("vue", "grille")
        if self.vue not in VUES:
            self.vue = "grille"

    @cached_property
    def annees(self) -> list[int]:
        return annees_du_calendrier(self.convention, today=self.today)

    @cached_property
    def annees_montrees(self) -> list[int]:
        demandee = self.request.GET.get("annee", "")
        if demandee == TOUTES:
            return self.annees
        if demandee in map(str, self.annees):
            return [int(demandee)]
        if demandee:
            messages.warning(
                self.request, "Cette année n’est pas de la convention : voici celle d’aujourd’hui."
            )
        return [min(max(self.today.year, self.annees[0]), self.annees[-1])]

    @cached_property
    def mois(self) -> Mois:
        demande = self.request.GET.get("mois", "")
        lu = Mois.lire(demande)
        if demande and lu is None:
            messages.warning(self.request, "Ce mois n’existe pas : voici celui d’aujourd’hui.")
        return lu or Mois(self.today.year, self.today.month)

    @cached_property
    def quartiers(self) -> list[Quartier]:
        return list(Quartier.objects.de_reference(self.convention.territoire))

    @cached_property
    def quartier(self) -> Quartier | None:
        demande = self.request.GET.get("quartier", "")
        return next((q for q in self.quartiers if str(q.pk) == demande), None)

    def get_dates(self, debut: datetime.date, fin: datetime.date):
        """`quartier` keeps what is of the whole territory too: one's own calendar holds both."""
        dates = collect_dates(self.request.user, self.convention, debut=debut, fin=fin)
        nature = self.request.GET.get("nature", "")
        if nature in self.natures:
            dates = [date for date in dates if date.nature == nature]
        if self.quartier:
            dates = [date for date in dates if not date.quartiers or self.quartier.pk in date.quartiers]
        return dates

    @cached_property
    def natures(self) -> dict[str, str]:
        return natures(self.request.user, self.convention)

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            vue=self.vue,
            vues=VUES,
            annees=self.annees,
            toutes=self.annees_montrees == self.annees and len(self.annees) > 1,
            annee=self.annees_montrees[0],
            quartiers=self.quartiers,
            quartier=self.quartier,
            natures=self.natures,
            nature=self.request.GET.get("nature", ""),
            today=self.today,
            ouvrir=check(self.request.user, "gouvernance.ouvrir_calendrier", self.convention),
            **getattr(self, f"_{self.vue}")(),
            **kwargs,
        )

    def _grille(self) -> dict:
        periodes = semestres(self.annees_montrees)
        dates = self.get_dates(periodes[0].debut, periodes[-1].fin)
        lignes = dessiner_grille(dates, [self.quartier] if self.quartier else self.quartiers, periodes)
        tout = bool(check(self.request.user, "gouvernance.tenir", self.convention))
        siens = droits(self.request.user, self.convention.pk).dans("quartiers")
        for ligne in lignes:
            ligne.ecrire = tout or (ligne.quartier is not None and ligne.quartier.pk in siens)
        return {"periodes": periodes, "lignes": lignes, "nb": len(dates)}

    def _mois(self) -> dict:
        semaines = dessiner_mois(self.mois, self.get_dates(self.mois.debut, self.mois.fin))
        return {
            "mois": self.mois,
            "avant": self.mois.decaler(-1),
            "apres": self.mois.decaler(1),
            "semaines": semaines,
            "nb": sum(len(jour.dates) for semaine in semaines for jour in semaine),
        }

    def _liste(self) -> dict:
        debut = datetime.date(self.annees_montrees[0], 1, 1)
        dates = self.get_dates(debut, datetime.date(self.annees_montrees[-1], 12, 31))
        return {"par_mois": dessiner_liste(dates), "nb": len(dates)}


class JalonView(ConventionMixin, DetailView):
    """Everybody reads it."""

    template_name = "gouvernance/jalon.html"
    context_object_name = "jalon"

    def get_queryset(self):
        jalons = Jalon.objects.visible_to(self.request.user).filter(convention=self.convention)
        return jalons.select_related("convention", "quartier", "instance_gouvernance")

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            planifier=check(self.request.user, "gouvernance.planifier", self.object), **kwargs
        )


class JalonMixin(ConventionMixin):
    """The date of the address, in the convention of the address; locked while saving."""

    permission_code = "gouvernance.ouvrir_calendrier"

    def get_objet(self):
        jalons = Jalon.objects.filter(convention=self.convention).select_related("convention__territoire")
        if self.request.method == "POST":
            jalons = jalons.select_for_update(of=("self",), no_key=True)
        jalon = get_object_or_404(jalons, pk=self.kwargs["pk"])
        exiger(self.request.user, "gouvernance.planifier", jalon)
        return jalon


class JalonEditView(JalonMixin, FormulaireView):
    retrait, retrait_dit = "gouvernance:jalon_supprimer", "Retirer du calendrier"

    def form_class(self, *args, **kwargs):
        return JalonForm(*args, user=self.request.user, **kwargs)

    def enregistrer(self, jalon):
        return enregistrer_jalon(jalon, par=self.request.user)

    def get_fil(self):
        page = reverse("gouvernance:calendrier", kwargs={"convention": self.convention.slug})
        return [(page, "Calendrier")]

    def get_retour(self):
        return self.objet.page if self.objet.pk else self.get_fil()[0][0]

    def get_message(self, jalon) -> str:
        return f"« {jalon} » est au calendrier."

    def get_titre(self):
        return f"Modifier « {self.objet} »"


class JalonAjoutView(JalonEditView):
    """`?quartier=` and `?debut=` are proposed."""

    def get_objet(self):
        if self.request.method == "POST":  # the same form twice at once is taken once
            Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=self.convention.pk)
        return Jalon(convention=self.convention)

    def get_initial(self):
        demande = self.request.GET
        quartiers = {str(q.pk): q.pk for q in Quartier.objects.de_reference(self.convention.territoire)}
        siens = droits(self.request.user, self.convention.pk).dans("quartiers")
        seul = next(iter(siens)) if len(siens) == 1 else None
        return {
            "quartier": quartiers.get(demande.get("quartier", ""), seul),
            "date_debut": _jour(demande.get("debut", "")),
        }

    def get_titre(self):
        return "Ajouter une date au calendrier"


def _jour(texte: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(texte)
    except ValueError:
        return None


class JalonRetraitView(JalonMixin, RetraitView):
    titre = "Retirer « {} » du calendrier"
    question = "« {} » disparaît du calendrier et des agendas abonnés ; l’historique en garde la trace."
    action = "Retirer du calendrier"
    message = "« {} » n’est plus au calendrier."

    def retirer(self, objet):
        retirer_jalon(objet, par=self.request.user)


class DatesAnnuellesView(ConventionMixin, TemplateView):
    """Dates that come back every year: everybody reads them, the chargé de coopération keeps them."""

    template_name = "gouvernance/dates_annuelles.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            dates=DateAnnuelle.objects.filter(convention=self.convention).order_by("mois", "jour", "pk"),
            **kwargs,
        )


class DateAnnuelleMixin(ConventionMixin):
    permission_code = "gouvernance.tenir"

    def get_objet(self):
        dates = DateAnnuelle.objects.filter(convention=self.convention).select_related("convention")
        if self.request.method == "POST":
            dates = dates.select_for_update(of=("self",), no_key=True)
        return get_object_or_404(dates, pk=self.kwargs["pk"])


class DateAnnuelleEditView(DateAnnuelleMixin, FormulaireView):
    retrait, retrait_dit = "gouvernance:date_annuelle_supprimer", "Retirer cette date"
    form_class = DateAnnuelleForm
    enregistrer = staticmethod(enregistrer_date_annuelle)

    def get_fil(self):
        adresse = {"convention": self.convention.slug}
        return [
            (reverse("gouvernance:calendrier", kwargs=adresse), "Calendrier"),
            (reverse("gouvernance:dates_annuelles", kwargs=adresse), "Dates de chaque année"),
        ]

    def get_retour(self):
        return self.get_fil()[-1][0]

    def get_message(self, date) -> str:
        return f"« {date} » revient chaque année le {date.dite}."

    def get_titre(self):
        return f"Modifier « {self.objet} »"


class DateAnnuelleAjoutView(DateAnnuelleEditView):
    def get_objet(self):
        if self.request.method == "POST":
            Convention.objects.select_for_update(of=("self",), no_key=True).get(pk=self.convention.pk)
        return DateAnnuelle(convention=self.convention)

    def get_titre(self):
        return "Ajouter une date de chaque année"


class DateAnnuelleRetraitView(DateAnnuelleMixin, RetraitView):
    titre = "Retirer « {} »"
    question = "« {} » disparaît du calendrier de toutes les années ; l’historique en garde la trace."
    action = "Retirer cette date"
    message = "« {} » ne revient plus chaque année."
