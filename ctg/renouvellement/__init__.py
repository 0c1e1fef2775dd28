"""The next convention, opened from the one that ends.

It is its export, of which one keeps what one chooses, loaded under another address (ADR 23). Each app says in its
`reprises.py` how the rows of its tables go on: `reprises` is that registry, `choix` what the page proposes, `services`
opens and gives up.
"""
