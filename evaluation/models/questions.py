"""Questions évaluatives: what is asked, of what, how, and the answer."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import Truncator

from ctg.models import Convention, Historique, Source
from ctg.recherche import Cherchable, CherchableQuerySet
from ctg.textes import texte_borne
from evaluation.models.approuvables import Approuvable
from evaluation.models.mesures import LONG
from evaluation.protocole.enums import (
    RENDUS,
    Confiance,
    Critere,
    Evaluateur,
    Methode,
    ObjetQuestion,
    PhaseEvaluation,
    StatutQuestion,
)
from fiches.models import Axe, FicheProjet

NOMS_METHODES = dict(Methode.choices)


def methodes_connues(codes) -> None:
    if not isinstance(codes, list) or not set(codes) <= set(NOMS_METHODES):
        raise ValidationError("Choisissez des méthodes de la liste.")


class QuestionQuerySet(CherchableQuerySet):
    def for_list(self):
        """All that the register touches."""
        return self.select_related("convention", "axe", "fiche", "remplace").annotate(
            nb_preuves=models.Count("preuves", distinct=True),
            nb_recommandations=models.Count("recommandations", distinct=True),
        )

    def en_cours(self):
        """Neither refused nor replaced."""
        return self.filter(statut__in=StatutQuestion.EN_COURS)

    def de_la_fiche(self, fiche: FicheProjet):
        """Those on the fiche, and on the axes that it carries or stands under."""
        axes = set(fiche.axes.values_list("pk", flat=True)) | {fiche.axe_id}
        axes |= set(Axe.objects.filter(pk__in=axes).values_list("parent", flat=True))
        return self.filter(Q(fiche=fiche) | Q(axe__in=axes - {None}))


class QuestionEvaluative(Source, Cherchable, Approuvable):
    """What the signataires agree to ask. Once approved, the question and its object do not change: another replaces it."""

    convention = models.ForeignKey(
        Convention, models.PROTECT, related_name="questions", verbose_name="convention"
    )
    numero = models.PositiveSmallIntegerField("numéro", editable=False)
    statut = models.CharField(
        "état", max_length=10, choices=StatutQuestion, default=StatutQuestion.PROPOSEE, editable=False
    )
    libelle = models.TextField("question", validators=[texte_borne])
    precisions = models.TextField(
        "ce qu’elle recouvre", **LONG, help_text="Facultatif : les notions que la question met en jeu."
    )
    critere = models.CharField("critère", max_length=20, choices=Critere, blank=True, default="")
    objet = models.CharField("porte sur", max_length=12, choices=ObjetQuestion, blank=True, default="")
    axe = models.ForeignKey(
        Axe, models.PROTECT, related_name="questions", verbose_name="axe", null=True, blank=True
    )
    fiche = models.ForeignKey(
        FicheProjet,
        models.PROTECT,
        related_name="questions",
        verbose_name="fiche projet",
        null=True,
        blank=True,
    )
    phase = models.CharField("phase", max_length=12, choices=PhaseEvaluation, blank=True, default="")
    evaluateur = models.CharField("évaluateur", max_length=10, choices=Evaluateur, blank=True, default="")
    sous_questions = models.TextField("sous-questions", **LONG, help_text="Une par ligne, dans l’ordre.")
    methodes = models.JSONField("méthodes", default=list, blank=True, validators=[methodes_connues])
    detail_methodes = models.TextField(
        "méthodes : détail", **LONG, help_text="Auprès de qui, combien, quand. Dites ici ce qu’est « autre »."
    )
    remplace = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="remplacee_par",
        verbose_name="remplace",
        null=True,
        blank=True,
        editable=False,
    )
    reponse = models.TextField("réponse", **LONG)
    confiance = models.CharField("confiance", max_length=10, choices=Confiance, blank=True, default="")
    motif_confiance = models.TextField(
        "pourquoi cette confiance",
        **LONG,
        help_text="Ce qui la fonde, et ce qui manque : sources concordantes, peu de réponses, données partielles…",
    )
    date_communication = models.DateTimeField(
        "communication de la réponse", null=True, blank=True, editable=False
    )

    objects = QuestionQuerySet.as_manager()
    historique = Historique(excluded_fields=["recherche", "contenu"])

    class Meta:
        verbose_name = "question évaluative"
        verbose_name_plural = "questions évaluatives"
        constraints = [
            *Approuvable.Meta.constraints,
            models.UniqueConstraint(
                fields=["convention", "numero"],
                name="question_numero_unique",
                violation_error_message="Une question porte déjà ce numéro.",
            ),
            models.CheckConstraint(
                name="question_posee",
                condition=~Q(libelle=""),
                violation_error_message="Écrivez la question.",
            ),
            models.CheckConstraint(
                name="question_vocabulaire_connu",
                condition=Q(
                    statut__in=StatutQuestion.values,
                    critere__in=["", *Critere.values],
                    phase__in=["", *PhaseEvaluation.values],
                    evaluateur__in=["", *Evaluateur.values],
                    confiance__in=["", *Confiance.values],
                ),
                violation_error_message="Choisissez un mot de la liste.",
            ),
            models.CheckConstraint(
                name="question_objet_coherent",
                condition=Q(objet=ObjetQuestion.AXE, axe__isnull=False, fiche=None)
                | Q(objet=ObjetQuestion.FICHE, fiche__isnull=False, axe=None)
                | Q(
                    objet__in=["", ObjetQuestion.CONVENTION, ObjetQuestion.GOUVERNANCE], axe=None, fiche=None
                ),
                violation_error_message=(
                    "Une question sur un axe nomme l’axe, une question sur une fiche nomme la fiche, et elles seules."
                ),
            ),
            models.CheckConstraint(
                name="question_soumise_complete",
                condition=Q(statut=StatutQuestion.PROPOSEE) | (~Q(critere="") & ~Q(objet="")),
                violation_error_message="Avant de soumettre la question, dites son critère et sur quoi elle porte.",
            ),
            models.CheckConstraint(
                name="question_reponse_apres_approbation",
                condition=Q(statut__in=RENDUS)
                | Q(reponse="", confiance="", motif_confiance="", date_communication=None),
                violation_error_message="On répond à une question une fois que tous les signataires l’ont approuvée.",
            ),
            models.CheckConstraint(
                name="question_reponse_avec_confiance",
                condition=Q(reponse="", confiance="", motif_confiance="", date_communication=None)
                | (~Q(reponse="") & ~Q(confiance="") & ~Q(motif_confiance="")),
                violation_error_message="Une réponse dit sa confiance (faible, moyenne ou forte) et pourquoi.",
            ),
            models.CheckConstraint(
                name="question_ne_se_remplace_pas",
                condition=Q(remplace=None) | ~Q(remplace=F("pk")),
                violation_error_message="Une question ne se remplace pas elle-même.",
            ),
        ]

    def __str__(self):
        return f"{self.code} – {Truncator(self.libelle).chars(80, truncate='…')}"

    def get_textes_recherche(self):
        """Not the answer: who searches may not read it yet."""
        return [self.code, self.libelle, self.precisions, self.sous_questions]

    def get_absolute_url(self):
        return reverse("protocole:question", kwargs={"convention": self.convention.slug, "pk": self.pk})

    @property
    def code(self) -> str:
        return f"Q{self.numero}"

    @property
    def cible(self) -> str:
        """What it is about, in words; empty while it is not said."""
        if self.fiche_id:
            return f"fiche {self.fiche.code}, {self.fiche.titre}"
        if self.axe_id:
            return f"axe « {self.axe.intitule} »"
        return self.get_objet_display()

    @property
    def liste_sous_questions(self) -> list[str]:
        return [ligne.strip() for ligne in self.sous_questions.splitlines() if ligne.strip()]

    @property
    def noms_methodes(self) -> list[str]:
        return [nom for code, nom in Methode.choices if code in self.methodes]

    def clean(self):
        super().clean()
        fautes = {}
        for nom in ("axe", "fiche", "remplace"):
            cible = getattr(self, nom)
            if cible is not None and cible.convention_id != self.convention_id:
                fautes[nom] = "Choisissez dans cette convention."
        if self.objet == ObjetQuestion.AXE and self.axe_id is None:
            fautes["axe"] = "Dites quel axe."
        if self.objet == ObjetQuestion.FICHE and self.fiche_id is None:
            fautes["fiche"] = "Dites quelle fiche."
        if Methode.AUTRE in (self.methodes or ()) and not self.detail_methodes.strip():
            fautes["detail_methodes"] = "Dites quelle autre méthode."
        if fautes:
            raise ValidationError(fautes)
