"""The dates of the convention itself, those that are known to the day."""

from django.urls import reverse

from ctg.calendrier import DateCalendrier, SourceCalendrier, register
from ctg.enums import Precision

NATURE = "convention"


def _dates(user, convention, debut, fin):
    for nom, jour, precision in convention.dates:
        if jour and precision == Precision.JOUR:
            yield DateCalendrier(
                f"convention-{jour:%Y%m%d}",
                NATURE,
                f"Convention : {nom}",
                jour,
                jour,
                reverse("ctg:dashboard", kwargs={"convention": convention.slug}),
            )


register(SourceCalendrier(NATURE, {NATURE: "dates de la convention"}, _dates, 10))
