"""Backups: databases, files and keys in one encrypted file, proved by restoring it."""
