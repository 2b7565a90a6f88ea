"""The shipped masters, made by program: ``python -m perfxl.year.masters``. Whoever wants others changes them in Word."""
