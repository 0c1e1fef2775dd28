"""The social watch: series of figures by territory and period, alerts, notes of the séminaires de quartier."""
