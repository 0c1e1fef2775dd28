"""The watch in the menu."""

from django.urls import reverse

from ctg.panneaux import EntreeMenu, register_menu

register_menu(
    EntreeMenu(
        "Veille sociale",
        "binoculars",
        "veille/",
        lambda convention, today: reverse("veille:series", kwargs={"convention": convention.slug}),
        68,
    )
)
