"""Committees in the menu."""

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
