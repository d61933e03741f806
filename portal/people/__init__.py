"""Persons, companies, bodies; addresses and settlements; units, posts and who holds them."""
