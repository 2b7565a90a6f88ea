"""The shipped masters, made by program: ``python -m perfxl.documents.masters``. Whoever wants others changes them in Word."""
