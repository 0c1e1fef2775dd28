"""What the committees bring to the calendar: meetings, dates of the quartiers, yearly dates, decisions due."""

from django.urls import reverse
from django.utils.text import Truncator

from ctg.calendrier import DateCalendrier, SourceCalendrier, derniere_modification, register
from ctg.templatetags.affichage import sans_marques
from gouvernance.enums import NatureJalon
from gouvernance.invitations_ics import horaire, uid
from gouvernance.models import DateAnnuelle, Decision, Jalon, Reunion

REUNION, ANNUELLE, DECISION = "reunion", "annuelle", "decision"
# Codes of the other natures are those of `NatureJalon`.
NATURES_JALONS = {
    NatureJalon.SEMINAIRE: "séminaires de quartier",
    NatureJalon.TEMPS_FORT: "temps forts",
    NatureJalon.RENCONTRE: "rencontres de partenaires",
    NatureJalon.ECHEANCE: "échéances",
    NatureJalon.AUTRE: "autres dates",
}


def _reunions(user, convention, debut, fin):
    """A meeting that was cancelled leaves the calendar and the agendas."""
    reunions = Reunion.objects.visible_to(user).filter(convention=convention, date__range=(debut, fin))
    reunions = reunions.maintenues().select_related("instance_gouvernance", "convention")
    for reunion in reunions.annotate(modification=derniere_modification(Reunion)).order_by("pk"):
        titre = str(reunion.instance_gouvernance)
        yield DateCalendrier(
            f"reunion-{reunion.pk}",
            REUNION,
            f"{titre} – {reunion.intitule}" if reunion.intitule else titre,
            reunion.date,
            reunion.date,
            reunion.get_absolute_url(),
            lieu=reunion.lieu,
            modification=reunion.modification,
            horaire=horaire(reunion),
            uid=uid(reunion),  # of the invitation: who was convoked has it once
        )


def _jalons(user, convention, debut, fin):
    jalons = Jalon.objects.visible_to(user).filter(convention=convention).entre(debut, fin)
    jalons = jalons.select_related("convention", "quartier")
    for jalon in jalons.annotate(modification=derniere_modification(Jalon)).order_by("pk"):
        yield DateCalendrier(
            f"jalon-{jalon.pk}",
            jalon.nature,
            jalon.titre,
            jalon.date_debut,
            jalon.dernier_jour,
            jalon.page,
            quartiers=frozenset([jalon.quartier_id] if jalon.quartier_id else []),
            ou=str(jalon.quartier or ""),
            lieu=jalon.lieu,
            note=jalon.note,
            modification=jalon.modification,
        )


def _annuelles(user, convention, debut, fin):
    """In the years of the convention; every year while they are not known."""
    dates = DateAnnuelle.objects.filter(convention=convention)
    annees = convention.annees or range(debut.year, fin.year + 1)
    page = reverse("gouvernance:dates_annuelles", kwargs={"convention": convention.slug})
    for date in dates.annotate(modification=derniere_modification(DateAnnuelle)).order_by("pk"):
        for annee in annees:
            if debut <= (jour := date.en(annee)) <= fin:
                yield DateCalendrier(
                    f"annuelle-{date.pk}-{annee}",
                    ANNUELLE,
                    date.titre,
                    jour,
                    jour,
                    page,
                    note=date.note,
                    modification=date.modification,
                )


def _decisions(user, convention, debut, fin):
    """Of those that still wait for something."""
    lues = Decision.objects.visible_to(user)
    decisions = lues.filter(reunion__convention=convention, echeance__range=(debut, fin)).en_attente(lues)
    decisions = decisions.select_related("reunion__convention")
    for decision in decisions.annotate(modification=derniere_modification(Decision)).order_by("pk"):
        texte = Truncator(sans_marques(decision.texte)).chars(100, truncate="…")
        yield DateCalendrier(
            f"decision-{decision.pk}",
            DECISION,
            f"Échéance {decision.numero} – {texte}",
            decision.echeance,
            decision.echeance,
            decision.page,
            modification=decision.modification,
        )


register(SourceCalendrier("reunions", {REUNION: "réunions"}, _reunions, 20))
register(SourceCalendrier("jalons", NATURES_JALONS, _jalons, 30))
register(SourceCalendrier("annuelles", {ANNUELLE: "dates de chaque année"}, _annuelles, 40))
register(SourceCalendrier("decisions", {DECISION: "échéances des décisions"}, _decisions, 50))
