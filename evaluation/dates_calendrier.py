"""What the evaluation brings to the calendar: the days of each campaign."""

from django.utils import timezone

from ctg.calendrier import DateCalendrier, SourceCalendrier, derniere_modification, register
from evaluation.models import Campagne

NATURE = "campagne"


def _campagnes(user, convention, debut, fin):
    campagnes = Campagne.objects.filter(convention=convention).select_related("convention")
    for campagne in campagnes.annotate(modification=derniere_modification(Campagne)).order_by("pk"):
        jours = (
            (
                "ouverture",
                "ouverture",
                campagne.date_ouverture and timezone.localdate(campagne.date_ouverture),
            ),
            ("limite", "date limite de saisie", campagne.date_limite),
            ("cloture", "clôture", campagne.date_cloture and timezone.localdate(campagne.date_cloture)),
        )
        for code, nom, jour in jours:
            if jour and debut <= jour <= fin:
                yield DateCalendrier(
                    f"campagne-{campagne.pk}-{code}",
                    NATURE,
                    f"{campagne} : {nom}",
                    jour,
                    jour,
                    campagne.get_absolute_url(),
                    modification=campagne.modification,
                )


register(
    SourceCalendrier(NATURE, {NATURE: "campagnes de saisie"}, _campagnes, 60, permission="evaluation.suivre")
)
