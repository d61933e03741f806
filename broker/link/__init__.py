"""Links: how a program talks MQTT, really (``mqtt``) or in memory (``virtual``); one protocol."""
