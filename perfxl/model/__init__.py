"""The nouns of perfxl: frozen values that import nothing of the rest."""
