"""The protocole de suivi et d’évaluation (annexe 5) and the questions évaluatives, approved by the signataires."""
