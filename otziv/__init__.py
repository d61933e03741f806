"""The front door: the ``otziv`` command, and the one place where the parts are put together."""
