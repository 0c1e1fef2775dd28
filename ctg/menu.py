"""Menu entries of the pages that belong to no other app."""

from django.urls import reverse

from ctg.panneaux import EntreeMenu, register_menu

register_menu(EntreeMenu("Tableau de bord", "layout-dashboard", "", lambda c, today: c.get_absolute_url(), 0))
register_menu(
    EntreeMenu(
        "Personnes",
        "users",
        "personnes/",
        lambda convention, today: reverse("ctg:personnes", kwargs={"convention": convention.slug}),
        85,
        permission="ctg.voir_personnes",
    )
)
register_menu(
    EntreeMenu(
        "Paramètres",
        "settings",
        "parametres/",
        lambda convention, today: reverse("ctg:parametres", kwargs={"convention": convention.slug}),
        90,
        permission="ctg.parametrer",
    )
)
register_menu(
    EntreeMenu(
        "Documents",
        "library",
        "documents/",
        lambda convention, today: reverse("ctg:documents", kwargs={"convention": convention.slug}),
        80,
    )
)
register_menu(
    EntreeMenu(
        "Quartiers",
        "map-pinned",
        "quartiers/",
        lambda convention, today: reverse("ctg:quartiers", kwargs={"convention": convention.slug}),
        42,
    )
)
