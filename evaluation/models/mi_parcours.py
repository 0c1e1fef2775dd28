"""The mid-term review: what is said of each axe by criterion, what is proposed, and what the COPIL decided of it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator

from ctg.models import Convention, Historique, Source
from ctg.textes import texte_borne, textes_bornes
from evaluation.enums import AjoutPropose, Critere, IssueProposition, NatureProposition, StatutRevue
from evaluation.models.avenants import ProjetAvenant
from fiches.models import Axe, FicheProjet
from gouvernance.models import Decision, PointOrdreDuJour

LONG = {"blank": True, "default": "", "validators": [texte_borne]}
N = NatureProposition


class RevueMiParcours(Source):
    """One at a time; `rang`: the second one is opened once the first is decided."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="revues", verbose_name="convention"
    )
    rang = models.PositiveSmallIntegerField("rang", editable=False)
    statut = models.CharField(
        "statut", max_length=20, choices=StatutRevue, default=StatutRevue.EN_PREPARATION, editable=False
    )
    introduction = models.TextField(
        "introduction",
        **LONG,
        help_text="Comment la revue a été menée, avec qui, sur quelles données. Facultatif.",
    )
    date_ouverture = models.DateTimeField("ouverte", editable=False)
    point = models.ForeignKey(
        PointOrdreDuJour,
        models.PROTECT,
        related_name="revues",
        verbose_name="point de l’ordre du jour",
        null=True,
        blank=True,
        editable=False,
    )
    date_presentation = models.DateTimeField("présentée", null=True, editable=False)
    date_decision = models.DateTimeField("décidée", null=True, editable=False)
    projet = models.ForeignKey(
        ProjetAvenant,
        models.PROTECT,
        related_name="revues",
        verbose_name="projet d’avenant",
        null=True,
        blank=True,
        editable=False,
    )

    historique = Historique()

    class Meta:
        verbose_name = "revue à mi-parcours"
        verbose_name_plural = "revues à mi-parcours"
        constraints = [
            models.UniqueConstraint(
                fields=["convention", "rang"],
                name="revue_rang_unique",
                violation_error_message="Cette convention a déjà une revue de ce rang.",
            ),
            models.UniqueConstraint(
                fields=["convention"],
                condition=~Q(statut=StatutRevue.DECIDEE),
                name="revue_une_a_la_fois",
                violation_error_message="Une revue est déjà en cours : menez-la à son terme avant d’en ouvrir une autre.",
            ),
            models.CheckConstraint(
                name="revue_presentee_a_un_point",
                condition=Q(statut=StatutRevue.EN_PREPARATION, point=None, date_presentation=None)
                | Q(
                    statut__in=[StatutRevue.PRESENTEE, StatutRevue.DECIDEE],
                    point__isnull=False,
                    date_presentation__isnull=False,
                ),
                violation_error_message="Une revue est présentée à un point de l’ordre du jour.",
            ),
            models.CheckConstraint(
                name="revue_decidee_un_jour",
                condition=Q(statut=StatutRevue.DECIDEE, date_decision__isnull=False)
                | (~Q(statut=StatutRevue.DECIDEE) & Q(date_decision=None)),
                violation_error_message="Une revue décidée a sa date de décision.",
            ),
            models.CheckConstraint(
                name="revue_avenant_apres_la_decision",
                condition=Q(projet=None) | Q(statut=StatutRevue.DECIDEE),
                violation_error_message="L’avenant se prépare une fois la revue décidée.",
            ),
            textes_bornes("introduction", name="revue_textes_bornes"),
        ]

    def __str__(self):
        return "Revue à mi-parcours" if self.rang == 1 else f"Revue à mi-parcours n° {self.rang}"

    def get_absolute_url(self):
        return reverse("mi_parcours:revue", kwargs={"convention": self.convention.slug, "rang": self.rang})

    def clean(self):
        super().clean()
        if self.point_id and self.point.convention_id != self.convention_id:
            raise ValidationError("Ce point n’est pas d’une réunion de cette convention.")
        if self.projet_id and self.projet.convention_id != self.convention_id:
            raise ValidationError("Cet avenant n’est pas de cette convention.")

    @property
    def is_en_preparation(self) -> bool:
        return self.statut == StatutRevue.EN_PREPARATION

    @property
    def is_presentee(self) -> bool:
        return self.statut == StatutRevue.PRESENTEE


class AppreciationAxe(Source):
    """What is said of one thematic axe, by criterion. An empty text is « à compléter »."""

    revue = models.ForeignKey(
        RevueMiParcours, models.CASCADE, related_name="appreciations", verbose_name="revue"
    )
    axe = models.ForeignKey(Axe, models.PROTECT, related_name="appreciations", verbose_name="axe")
    pertinence = models.TextField(
        "pertinence", **LONG, help_text="Les objectifs répondent-ils encore aux besoins ?"
    )
    coherence = models.TextField(
        "cohérence", **LONG, help_text="Entre eux, avec les autres démarches et les autres politiques ?"
    )
    efficacite = models.TextField("efficacité", **LONG, help_text="Les résultats attendus sont-ils là ?")
    efficience = models.TextField("efficience", **LONG, help_text="À quel coût, avec quels moyens ?")
    impact = models.TextField("impact", **LONG, help_text="Qu’est-ce qui a changé, voulu ou non, pour qui ?")
    durabilite = models.TextField("durabilité", **LONG, help_text="Cela tiendra-t-il après la convention ?")

    historique = Historique()

    class Meta:
        verbose_name = "appréciation d’un axe"
        verbose_name_plural = "appréciations des axes"
        constraints = [
            models.UniqueConstraint(
                fields=["revue", "axe"],
                name="appreciation_unique_par_axe",
                violation_error_message="Cet axe a déjà son appréciation dans cette revue.",
            ),
            textes_bornes(*Critere.values, name="appreciation_textes_bornes"),
        ]

    def __str__(self):
        return f"Appréciation de l’axe {self.axe}"

    def get_absolute_url(self):
        return f"{self.revue.get_absolute_url()}#axe-{self.axe_id}"

    @property
    def convention_id(self) -> int:
        """What the rights are asked of."""
        return self.revue.convention_id

    @property
    def criteres(self) -> list[tuple[str, str, str]]:
        """(name, what is asked, what is written), in the order of annexe 5."""
        return [
            (critere.label, str(self._meta.get_field(critere.value).help_text), getattr(self, critere.value))
            for critere in Critere
        ]


class Proposition(Source):
    """What the review proposes of an axe or of a fiche; « ajouter » names the axe under which one adds, if any."""

    revue = models.ForeignKey(
        RevueMiParcours, models.CASCADE, related_name="propositions", verbose_name="revue"
    )
    nature = models.CharField("proposition", max_length=20, choices=NatureProposition)
    axe = models.ForeignKey(
        Axe, models.PROTECT, related_name="propositions", verbose_name="axe", null=True, blank=True
    )
    fiche = models.ForeignKey(
        FicheProjet, models.PROTECT, related_name="propositions", verbose_name="fiche", null=True, blank=True
    )
    ajout = models.CharField("ce qui s’ajoute", max_length=10, choices=AjoutPropose, blank=True, default="")
    motif = models.TextField("motif", validators=[texte_borne])
    intitule = models.CharField("nouvel intitulé", max_length=300, blank=True, default="")
    texte = models.TextField(
        "nouveau texte", **LONG, help_text="Ce que l’avenant écrira : enjeux d’un axe, objectif d’une fiche."
    )
    issue = models.CharField(
        "décision du COPIL", max_length=10, choices=IssueProposition, blank=True, default=""
    )
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="propositions",
        verbose_name="décision",
        null=True,
        blank=True,
    )

    historique = Historique()

    class Meta:
        verbose_name = "proposition"
        constraints = [
            models.CheckConstraint(
                name="proposition_vocabulaire_connu",
                condition=Q(nature__in=N.values)
                & Q(ajout__in=["", *AjoutPropose.values])
                & Q(issue__in=["", *IssueProposition.values]),
                violation_error_message="Dites ce que vous proposez : maintenir, réorienter, ajouter ou clore.",
            ),
            models.CheckConstraint(
                name="proposition_motivee",
                condition=~Q(motif=""),
                violation_error_message="Écrivez le motif de cette proposition.",
            ),
            models.CheckConstraint(
                name="proposition_sur_un_axe_ou_une_fiche",
                condition=(
                    ~Q(nature=N.AJOUTER)
                    & Q(ajout="")
                    & (Q(axe__isnull=False, fiche=None) | Q(axe=None, fiche__isnull=False))
                )
                | Q(nature=N.AJOUTER, ajout=AjoutPropose.AXE, fiche=None)
                | Q(nature=N.AJOUTER, ajout=AjoutPropose.FICHE, fiche=None, axe__isnull=False),
                violation_error_message=(
                    "Une proposition porte sur un axe ou sur une fiche ; un ajout dit ce qui s’ajoute, et une fiche "
                    "s’ajoute sous un axe."
                ),
            ),
            models.CheckConstraint(
                name="proposition_dit_ses_mots",
                condition=~Q(nature__in=[N.REORIENTER, N.AJOUTER])
                | (Q(nature=N.REORIENTER) & ~Q(intitule="", texte=""))
                | (Q(nature=N.AJOUTER) & ~Q(intitule="")),
                violation_error_message=(
                    "Écrivez les nouveaux mots : un intitulé pour ajouter, un intitulé ou un texte pour réorienter."
                ),
            ),
            models.CheckConstraint(
                name="proposition_sans_mots_si_rien_ne_change",
                condition=Q(nature__in=[N.REORIENTER, N.AJOUTER]) | Q(intitule="", texte=""),
                violation_error_message="Maintenir ou clore ne change pas les mots : laissez-les vides, ou réorientez.",
            ),
            models.CheckConstraint(
                name="proposition_tranchee_par_une_decision",
                condition=Q(issue="", decision=None) | (~Q(issue="") & Q(decision__isnull=False)),
                violation_error_message="Retenue, écartée ou ajournée : c’est une décision du COPIL qui le dit.",
            ),
            *(
                models.UniqueConstraint(
                    fields=["revue", nom],
                    condition=~Q(nature=N.AJOUTER),
                    name=f"proposition_une_par_{nom}",
                    violation_error_message=(
                        "Cette revue propose déjà de le maintenir, de le réorienter ou de le clore : modifiez ou retirez "
                        "d’abord cette proposition."
                    ),
                )
                for nom in ("axe", "fiche")
            ),
            textes_bornes("motif", "texte", name="proposition_textes_bornes"),
        ]

    def __str__(self):
        cible = self.cible
        if self.nature == N.AJOUTER:
            ou = f" sous {cible.code}" if cible else ""
            return Truncator(f"Ajouter {self.get_ajout_display()}{ou} : {self.intitule}").chars(
                120, truncate="…"
            )
        return Truncator(f"{self.get_nature_display().capitalize()} {cible}").chars(120, truncate="…")

    def get_absolute_url(self):
        return f"{self.revue.get_absolute_url()}#proposition-{self.pk}"

    def clean(self):
        super().clean()
        for nom in ("axe", "fiche", "decision"):
            objet = getattr(self, nom)
            if objet is not None and objet.convention_id != self.convention_id:
                raise ValidationError("Choisissez dans le plan et les décisions de cette convention.")

    @property
    def cible(self) -> Axe | FicheProjet | None:
        """What it is about; None: the convention, to which a thematic axe is added."""
        return self.fiche or self.axe

    @property
    def convention_id(self) -> int:
        """What the rights are asked of."""
        return self.revue.convention_id
