"""What an installation needs of its machine: a proxy with TLS in front of it, and a service."""
