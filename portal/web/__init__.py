"""What every page stands on: routes with rules, forms, languages, templates, headers."""
