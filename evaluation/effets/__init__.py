"""Observed effects outside the entry of a year: those of an axe, of the convention, of a fiche that has no entry."""
