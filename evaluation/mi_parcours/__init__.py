"""The mid-term review: opened, written by axe, presented to the COPIL, decided proposal by proposal."""
