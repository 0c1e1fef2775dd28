"""Committees and actors in the menu."""

from django.urls import reverse

from ctg.panneaux import EntreeMenu, register_menu

register_menu(
    EntreeMenu(
        "Gouvernance",
        "landmark",
        "gouvernance/",
        lambda convention, today: reverse("gouvernance:index", kwargs={"convention": convention.slug}),
        50,
    )
)
register_menu(
    EntreeMenu(
        "Calendrier",
        "calendar-days",
        "gouvernance/calendrier/",
        lambda convention, today: reverse("gouvernance:calendrier", kwargs={"convention": convention.slug}),
        52,
    )
)
register_menu(
    EntreeMenu(
        "Acteurs",
        "users-round",
        "acteurs/",
        lambda convention, today: reverse("acteurs:matrice", kwargs={"convention": convention.slug}),
        45,
    )
)
