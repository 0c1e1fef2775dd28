"""One file that holds the database and the files of one moment, and gives them back into an empty place."""
