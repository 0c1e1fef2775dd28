"""The evaluation in the menu."""

from django.urls import reverse

from ctg.panneaux import EntreeMenu, register_menu

register_menu(
    EntreeMenu(
        "Évaluation",
        "chart-line",
        "evaluation/",
        lambda convention, today: reverse("evaluation:index", kwargs={"convention": convention.slug}),
        60,
        "ctg.lire_chiffres",
    )
)
register_menu(
    EntreeMenu(
        "Indicateurs",
        "target",
        "indicateurs/",
        lambda convention, today: reverse("indicateurs:list", kwargs={"convention": convention.slug}),
        55,
    )
)
register_menu(
    EntreeMenu(
        "Bilans",
        "book-check",
        "evaluation/bilans/",
        lambda convention, today: reverse("evaluation:bilans", kwargs={"convention": convention.slug}),
        65,
    )
)
register_menu(
    EntreeMenu(
        "Avenants",
        "file-pen",
        "avenants/",
        lambda convention, today: reverse("avenants:list", kwargs={"convention": convention.slug}),
        75,
    )
)
register_menu(
    EntreeMenu(
        "Participation",
        "messages-square",
        "participation/",
        lambda convention, today: reverse("participation:list", kwargs={"convention": convention.slug}),
        57,
        "evaluation.lire_participation",
    )
)
register_menu(
    EntreeMenu(
        "Mi-parcours",
        "milestone",
        "mi-parcours/",
        lambda convention, today: reverse("mi_parcours:index", kwargs={"convention": convention.slug}),
        67,
        "evaluation.lire_revue",
    )
)
