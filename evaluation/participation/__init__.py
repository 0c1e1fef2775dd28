"""Participation of the inhabitants: the events, what they say in figures, who notes them."""
