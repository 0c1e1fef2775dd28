"""Forms of a version of the protocole, of a question, of what hangs on it, and of an answer to an approval."""

from django import forms
from django.utils import timezone

from ctg.models import Convention, Document
from ctg.textes import COMPTEUR, RICHE, TexteField
from evaluation.models import (
    Approbation,
    Effet,
    EvenementParticipation,
    Indicateur,
    Preuve,
    Protocole,
    QuestionEvaluative,
    Recommandation,
)
from evaluation.models.preuves import CHAMPS_PREUVE
from evaluation.protocole.approbation import attendus
from evaluation.protocole.enums import Critere, DecisionApprobation, Methode, NaturePreuve
from evaluation.protocole.services import APRES_APPROBATION
from fiches.models import Axe, FicheProjet
from gouvernance.forms import JOUR, EditionForm
from gouvernance.models import Decision, Reunion

# Under each heading, the words of the annex.
ANNEXE = {
    "outils": "Annexe 5 : « La définition des outils et indicateurs de suivi (quantitatif et qualitatif) ».",
    "moyens": "Annexe 5 : « Les moyens humains et financiers mobilisés ».",
    "participation": "Annexe 5 : « Les modalités prévues de participation des habitants ».",
    "type_evaluation": "Annexe 5 : « Le type d’évaluation (externe, interne, etc…) ».",
    "questions_methodes": "Annexe 5 : « Les principales questions évaluatives et les méthodes liées d’évaluation ».",
}
AIDES = ANNEXE | {
    "type_detail": "Qui évalue, et comment se partagent les rôles.",
    "questions_methodes": f"{ANNEXE['questions_methodes']} Les questions écrites dans « Questions évaluatives » "
    "s’ajoutent d’elles-mêmes : dites ici ce qui vaut pour toutes.",
}


def long(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **COMPTEUR, **RICHE})


class ProtocoleForm(EditionForm):
    class Meta:
        model = Protocole
        fields = ("outils", "moyens", "participation", "type_evaluation", "type_detail", "questions_methodes")
        widgets = {nom: long(6) for nom in Protocole.RUBRIQUES}
        field_classes = dict.fromkeys(Protocole.RUBRIQUES, TexteField)
        help_texts = AIDES


class MethodesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        super().__init__(label="méthodes", choices=Methode.choices, required=False, **kwargs)


METHODES_AIDE = (
    "Elles dépendent des questions retenues : elles peuvent se choisir après l’approbation (annexe 5)."
)


class QuestionForm(EditionForm):
    methodes = MethodesField(help_text=METHODES_AIDE)

    class Meta:
        model = QuestionEvaluative
        fields = ("libelle", "precisions", "critere", "objet", "axe", "fiche", "phase", *APRES_APPROBATION)
        widgets = {
            "libelle": forms.Textarea(attrs={"rows": 3}),
            "precisions": forms.Textarea(attrs={"rows": 3}),
            "sous_questions": forms.Textarea(attrs={"rows": 5}),
            "detail_methodes": forms.Textarea(attrs={"rows": 4}),
        }
        field_classes = dict.fromkeys(
            ("libelle", "precisions", "sous_questions", "detail_methodes"), TexteField
        )
        help_texts = {
            "libelle": "Par exemple : « Dans quelle mesure… ? ». Elle est figée une fois soumise.",
            "critere": "Vide tant que les signataires n’ont pas choisi ; à dire avant de soumettre.",
            "objet": "À dire avant de soumettre.",
            "axe": "Si la question porte sur un axe.",
            "fiche": "Si la question porte sur une fiche projet.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        question: QuestionEvaluative = self.instance
        au = timezone.localdate()
        axes = Axe.objects.filter(convention=question.convention_id)
        fiches = FicheProjet.objects.filter(convention=question.convention_id)
        self.fields["axe"].queryset = (axes.en_vigueur(au=au) | axes.filter(pk=question.axe_id)).order_by(
            "rang", "ordre", "pk"
        )
        self.fields["fiche"].queryset = (
            fiches.en_vigueur(au=au) | fiches.filter(pk=question.fiche_id)
        ).order_by("axe__ordre", "numero", "pk")
        self.fields["axe"].empty_label = "aucun axe"
        self.fields["fiche"].empty_label = "aucune fiche"
        criteres = [(critere.value, f"{critere.label} : {critere.definition}") for critere in Critere]
        self.fields["critere"].choices = [("", ""), *criteres]
        for nom in ("critere", "objet", "phase", "evaluateur"):
            self.fields[nom].choices = [("", "à compléter"), *self.fields[nom].choices[1:]]


class MethodesForm(EditionForm):
    """What an approved question still says of how it is evaluated."""

    methodes = MethodesField()

    class Meta:
        model = QuestionEvaluative
        fields = APRES_APPROBATION
        widgets = {nom: QuestionForm.Meta.widgets[nom] for nom in ("sous_questions", "detail_methodes")}
        field_classes = dict.fromkeys(("sous_questions", "detail_methodes"), TexteField)


class ReponseForm(EditionForm):
    class Meta:
        model = QuestionEvaluative
        fields = ("reponse", "confiance", "motif_confiance")
        widgets = {
            "reponse": long(10),
            "motif_confiance": forms.Textarea(attrs={"rows": 4}),
            "confiance": forms.RadioSelect,
        }
        field_classes = dict.fromkeys(("reponse", "motif_confiance"), TexteField)
        help_texts = {
            "reponse": "Ce que les preuves permettent de dire, et ce qu’elles ne permettent pas de dire. Vider les trois "
            "champs efface la réponse.",
            "confiance": "À quel point les preuves portent la réponse.",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["confiance"].choices = [("", "sans réponse"), *self.fields["confiance"].choices[1:]]


class RecommandationForm(EditionForm):
    class Meta:
        model = Recommandation
        fields = ("texte", "decision")
        widgets = {"texte": forms.Textarea(attrs={"rows": 4, **RICHE})}
        field_classes = {"texte": TexteField}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].queryset = _decisions(user, self.instance.question.convention)
        self.fields["decision"].empty_label = "aucune décision pour l’instant"


class PreuveForm(EditionForm):
    """One kind of evidence: it keeps its own fields."""

    class Meta:
        model = Preuve
        fields = (
            "indicateur",
            "annee",
            "effet",
            "reunion",
            "decision",
            "document",
            "evenement",
            "citation",
            "auteur_fonction",
            "date_citation",
            "commentaire",
        )
        widgets = {
            "date_citation": JOUR,
            "citation": forms.Textarea(attrs={"rows": 4}),
            "commentaire": forms.Textarea(attrs={"rows": 3}),
        }
        field_classes = dict.fromkeys(("citation", "commentaire"), TexteField)
        help_texts = {"commentaire": "En quoi cela aide à répondre à la question."}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        question: QuestionEvaluative = self.instance.question
        gardes = CHAMPS_PREUVE[NaturePreuve(self.instance.nature)]
        for nom in set(self.fields) - {*gardes, "commentaire", "jeton"}:
            del self.fields[nom]
        for nom in gardes:
            self.fields[nom].required = True
        convention: Convention = question.convention
        if "indicateur" in self.fields:
            self.fields["indicateur"].queryset = _indicateurs(question)
            self.fields["indicateur"].empty_label = "Choisissez un indicateur"
            self.fields["annee"] = forms.TypedChoiceField(
                label="année",
                coerce=int,
                choices=[("", "Choisissez une année"), *((a, str(a)) for a in convention.annees)],
            )
        choix = {
            "effet": Effet.objects.filter(convention=convention).order_by("-annee", "pk"),
            "reunion": Reunion.objects.filter(convention=convention)
            .select_related("instance_gouvernance")
            .order_by("-date", "pk"),
            "decision": _decisions(user, convention),
            "document": Document.objects.filter(convention=convention).order_by("ordre", "pk"),
            "evenement": EvenementParticipation.objects.filter(convention=convention).order_by(
                "-date_debut", "pk"
            ),
        }
        for nom in set(choix) & set(self.fields):
            self.fields[nom].queryset = choix[nom]
            self.fields[nom].empty_label = "Choisissez dans la liste"


def _decisions(user, convention: Convention):
    decisions = Decision.objects.visible_to(user).filter(reunion__convention=convention)
    return decisions.select_related("reunion").order_by("-reunion__date", "-reunion__rang", "rang", "pk")


def _indicateurs(question: QuestionEvaluative):
    """Those of the fiche that the question is about, or of all."""
    indicateurs = Indicateur.objects.filter(fiche__convention=question.convention_id)
    if question.fiche_id:
        indicateurs = indicateurs.filter(fiche=question.fiche_id)
    return indicateurs.select_related("fiche").order_by("fiche__axe__ordre", "fiche__numero", "ordre", "pk")


class SansChampForm(forms.Form):
    """What is only confirmed."""

    @property
    def donnees(self) -> dict:
        return self.cleaned_data


class ReponduForm(SansChampForm):
    """The hash is that of the page that was read."""

    empreinte = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["empreinte"].initial = objet.empreinte


class RefusForm(ReponduForm):
    motif = forms.CharField(
        label="pourquoi vous refusez",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="C’est ce qui sera corrigé dans la suite.",
    )


class PapierForm(forms.ModelForm):
    class Meta:
        model = Approbation
        fields = (
            "organisme",
            "decision",
            "motif",
            "date_acte",
            "fonction",
            "reference",
            "document",
        )
        widgets = {
            "date_acte": JOUR,
            "motif": forms.Textarea(attrs={"rows": 3}),
            "decision": forms.RadioSelect,
        }
        help_texts = {
            "motif": "S’il refuse : ce que le document en dit.",
            "date_acte": "Celle que porte le document. S’il est d’avant la soumission, vérifiez que c’est bien ce texte qu’il vise.",
        }

    def __init__(self, *args, objet, **kwargs):
        super().__init__(*args, **kwargs)
        restent = attendus(objet, au=timezone.localdate())
        self.fields["organisme"].queryset = self.fields["organisme"].queryset.filter(
            pk__in=[organisme.pk for organisme in restent]
        )
        self.fields["organisme"].empty_label = "Choisissez le signataire"
        self.fields["decision"].choices = DecisionApprobation.choices
        self.fields["document"].queryset = Document.objects.filter(convention=objet.convention_id).order_by(
            "ordre", "pk"
        )
        self.fields["document"].empty_label = "aucun : la référence suffit"

    def _post_clean(self):
        """The whole row is checked by the service, once it has what it answers to."""

    @property
    def donnees(self) -> dict:
        return self.cleaned_data


FORMULAIRES = {"approuver": ReponduForm, "refuser": RefusForm, "consigner": PapierForm}
