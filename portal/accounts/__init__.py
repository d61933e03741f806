"""Who may come in: staff and citizens, their passwords, second factors and sessions."""
