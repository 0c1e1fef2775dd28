"""What hangs on an approved question: its evidence, and its recommandations with the decisions that follow."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.text import Truncator

from ctg.models import Document, Historique, Source
from ctg.textes import texte_borne
from evaluation.enums import SituationMesure
from evaluation.models.indicateurs import Indicateur
from evaluation.models.mesures import LONG, Effet, Mesure
from evaluation.models.nombres import ANNEE_PLAUSIBLE
from evaluation.models.participation import EvenementParticipation
from evaluation.models.questions import QuestionEvaluative
from evaluation.protocole.enums import NaturePreuve
from gouvernance.models import Decision, Reunion

# Which field each kind of evidence fills; a year goes with the value of an indicator.
CHAMPS_PREUVE = {
    NaturePreuve.INDICATEUR: ("indicateur", "annee"),
    NaturePreuve.EFFET: ("effet",),
    NaturePreuve.REUNION: ("reunion",),
    NaturePreuve.DECISION: ("decision",),
    NaturePreuve.DOCUMENT: ("document",),
    NaturePreuve.PARTICIPATION: ("evenement",),
    NaturePreuve.VERBATIM: ("citation", "auteur_fonction", "date_citation"),
}
LIENS = ("indicateur", "annee", "effet", "reunion", "decision", "document", "evenement", "date_citation")
TEXTES = ("citation", "auteur_fonction")


def _un_seul_lien() -> Q:
    """Each kind fills its own fields, and no other."""
    condition = Q()
    for nature, champs in CHAMPS_PREUVE.items():
        siens = Q(nature=nature)
        for nom in LIENS:
            siens &= Q(**{f"{nom}__isnull": nom not in champs})
        for nom in TEXTES:
            siens &= ~Q(**{nom: ""}) if nom in champs else Q(**{nom: ""})
        condition |= siens
    return condition


class Preuve(Source):
    """What an answer stands on: something that the application knows, or what somebody said."""

    question = models.ForeignKey(
        QuestionEvaluative, models.PROTECT, related_name="preuves", verbose_name="question"
    )
    ordre = models.PositiveSmallIntegerField("ordre", editable=False)
    nature = models.CharField("nature", max_length=14, choices=NaturePreuve, editable=False)
    indicateur = models.ForeignKey(
        Indicateur, models.PROTECT, related_name="preuves", verbose_name="indicateur", null=True, blank=True
    )
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    effet = models.ForeignKey(
        Effet, models.PROTECT, related_name="preuves", verbose_name="effet observé", null=True, blank=True
    )
    reunion = models.ForeignKey(
        Reunion, models.PROTECT, related_name="preuves", verbose_name="réunion", null=True, blank=True
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, related_name="preuves", verbose_name="décision", null=True, blank=True
    )
    document = models.ForeignKey(
        Document, models.PROTECT, related_name="preuves", verbose_name="document", null=True, blank=True
    )
    evenement = models.ForeignKey(
        EvenementParticipation,
        models.PROTECT,
        related_name="preuves",
        verbose_name="temps de participation",
        null=True,
        blank=True,
    )
    citation = models.TextField(
        "ce qui a été dit", **LONG, help_text="Mot pour mot, sans nom propre ni détail qui désigne quelqu’un."
    )
    auteur_fonction = models.CharField(
        "qui le dit",
        max_length=200,
        blank=True,
        default="",
        help_text="Une fonction, jamais un nom : « directrice d’un centre social », « parent, quartier des Grésilles ».",
    )
    date_citation = models.DateField("quand", null=True, blank=True)
    commentaire = models.TextField("ce que cela montre", **LONG)

    historique = Historique()

    class Meta:
        verbose_name = "preuve"
        constraints = [
            models.UniqueConstraint(
                fields=["question", "ordre"],
                name="preuve_ordre_unique",
                violation_error_message="Cette place est déjà prise.",
            ),
            models.CheckConstraint(
                name="preuve_un_seul_lien",
                condition=_un_seul_lien(),
                violation_error_message=(
                    "Une preuve est une seule chose : une valeur et son année, un effet, une réunion, une décision, "
                    "un document, un temps de participation, ou des mots avec qui les dit et quand."
                ),
            ),
            models.CheckConstraint(
                name="preuve_annee_plausible",
                condition=Q(annee=None) | ANNEE_PLAUSIBLE,
                violation_error_message="Cette année n’est pas plausible.",
            ),
        ]

    def __str__(self):
        return f"{self.get_nature_display()} ({self.question.code})"

    def clean(self):
        super().clean()
        if self.date_citation and self.date_citation > timezone.localdate():
            raise ValidationError(
                {"date_citation": "Ce jour n’est pas passé : écrivez celui où cela a été dit."}
            )
        for nom in ("indicateur", "effet", "reunion", "decision", "document", "evenement"):
            cible = getattr(self, nom)
            if cible is None:
                continue
            sienne = cible.fiche.convention_id if nom == "indicateur" else cible.convention_id
            if sienne != self.question.convention_id:
                raise ValidationError({nom: "Choisissez dans cette convention."})

        liens = {nom: getattr(self, nom) for nom in LIENS if nom != "date_citation"}
        if any(liens.values()):
            autres = Preuve.objects.filter(question=self.question, nature=self.nature, **liens)
            if autres.exclude(pk=self.pk).exists():
                raise ValidationError("C’est déjà une preuve de cette question : complétez son commentaire.")
        if self.indicateur and self.annee and not self._has_valeur():
            raise ValidationError(
                {
                    "annee": f"{self.indicateur.code} n’a pas de valeur pour {self.annee} : elle ne prouve rien."
                }
            )

    def _has_valeur(self) -> bool:
        mesures = Mesure.objects.filter(indicateur=self.indicateur, annee=self.annee)
        return mesures.exclude(situation=SituationMesure.NON_RENSEIGNEE).exists()

    @property
    def convention_id(self) -> int:
        """What the rights are asked of."""
        return self.question.convention_id


class Recommandation(Source):
    """What the answer calls for, and the decision that followed it."""

    question = models.ForeignKey(
        QuestionEvaluative, models.PROTECT, related_name="recommandations", verbose_name="question"
    )
    ordre = models.PositiveSmallIntegerField("ordre", editable=False)
    texte = models.TextField("recommandation", validators=[texte_borne])
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        related_name="recommandations",
        verbose_name="décision qui la suit",
        null=True,
        blank=True,
        help_text="Quand une instance a décidé. Vide : elle attend une décision.",
    )

    historique = Historique()

    class Meta:
        verbose_name = "recommandation"
        constraints = [
            models.UniqueConstraint(
                fields=["question", "ordre"],
                name="recommandation_ordre_unique",
                violation_error_message="Cette place est déjà prise.",
            ),
            models.CheckConstraint(
                name="recommandation_ecrite",
                condition=~Q(texte=""),
                violation_error_message="Écrivez la recommandation.",
            ),
        ]

    def __str__(self):
        return Truncator(self.texte).chars(80, truncate="…")

    def clean(self):
        super().clean()
        if self.decision_id and self.decision.convention_id != self.question.convention_id:
            raise ValidationError({"decision": "Choisissez dans cette convention."})

    @property
    def convention_id(self) -> int:
        """What the rights are asked of."""
        return self.question.convention_id
