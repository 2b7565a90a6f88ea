"""From YAML to a Form: decoded, checked, every mistake reported at its line."""
