"""Questions évaluatives, and the chain that hangs on each: evidence, answer, recommandations, decisions."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import Truncator

from ctg.models import Convention, Document, Historique, Source
from ctg.recherche import Cherchable, CherchableQuerySet
from ctg.textes import texte_borne
from evaluation.models.approuvables import Approuvable
from evaluation.models.indicateurs import Indicateur
from evaluation.models.mesures import Effet
from evaluation.models.nombres import ANNEE_PLAUSIBLE
from evaluation.protocole.enums import (
    RENDUS,
    Confiance,
    Critere,
    Evaluateur,
    Methode,
    NaturePreuve,
    ObjetQuestion,
    PhaseEvaluation,
    StatutQuestion,
)
from fiches.models import Axe, FicheProjet
from gouvernance.models import Decision, Reunion

LONG = {"blank": True, "default": "", "validators": [texte_borne]}
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


# Which field each kind of evidence fills; a year goes with the value of an indicator.
CHAMPS_PREUVE = {
    NaturePreuve.INDICATEUR: ("indicateur", "annee"),
    NaturePreuve.EFFET: ("effet",),
    NaturePreuve.REUNION: ("reunion",),
    NaturePreuve.DECISION: ("decision",),
    NaturePreuve.DOCUMENT: ("document",),
    NaturePreuve.VERBATIM: ("citation", "auteur_fonction", "date_citation"),
}
LIENS = ("indicateur", "annee", "effet", "reunion", "decision", "document", "date_citation")
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
    nature = models.CharField("nature", max_length=12, choices=NaturePreuve, editable=False)
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
                    "un document, ou des mots avec qui les dit et quand."
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
        for nom in ("indicateur", "effet", "reunion", "decision", "document"):
            cible = getattr(self, nom)
            if cible is None:
                continue
            sienne = cible.fiche.convention_id if nom == "indicateur" else cible.convention_id
            if sienne != self.question.convention_id:
                raise ValidationError({nom: "Choisissez dans cette convention."})

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
