"""From a form definition to a placed form: load, lint, place, schema."""
