"""The whole system on one machine, with simulated visitors, and a ledger that checks it."""
