"""The registry in the menu."""

from django.urls import reverse

from ctg.panneaux import EntreeMenu, register_menu

register_menu(
    EntreeMenu(
        "Structures",
        "building-2",
        "structures/",
        lambda convention, today: reverse("structures:list", kwargs={"convention": convention.slug}),
        40,
    )
)
