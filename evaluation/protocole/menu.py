"""The protocole in the menu."""

from django.urls import reverse

from ctg.panneaux import EntreeMenu, register_menu

register_menu(
    EntreeMenu(
        "Protocole",
        "clipboard-check",
        "protocole/",
        lambda convention, today: reverse("protocole:index", kwargs={"convention": convention.slug}),
        58,
    )
)
