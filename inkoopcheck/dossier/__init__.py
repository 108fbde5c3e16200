"""The dossier of earlier messages as a file: make it, add to it, look in it, take out of it."""
