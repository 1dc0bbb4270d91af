"""Who gets in: locks against guessing, the log of sign-ins, the length of sessions, forms kept over their end."""
