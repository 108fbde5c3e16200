"""What a message may look like: its structure as data, and the XML schemas that judge it."""
