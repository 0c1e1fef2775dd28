"""The base of the project: conventions, people and their rights, and what every app above shares."""

import os

# Where lxml is installed (it comes with the tests), openpyxl would read workbooks by it: it resolves entities, and the
# bytes of what is written differ. Said before anything imports openpyxl.
os.environ["OPENPYXL_LXML"] = "False"
