"""The ``otziv`` command, one module a group of subcommands; each imports what it needs when run."""
