"""Files that people bring to a convention: read, matched to columns, previewed, imported once, undone.

`fichiers` reads, `colonnes` matches, `apercu` says what would change, `services` writes and undoes. What is imported is
an `Importable`: an app declares its own beside its resource.
"""
