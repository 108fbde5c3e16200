"""Which message goes back after a check, and that message itself.

This is the one room where personal data pass: from the message that the user offers to the file that the
user asks for, and nowhere else.
"""
