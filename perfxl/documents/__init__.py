"""Texts as .docx: a master that is kept in Word, filled in with what forms hold."""
