"""The narrative report of a unit as .docx, with the scored table that it speaks of."""
