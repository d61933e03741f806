"""The collector: receive, admit, send receipts, acknowledge; never in another order."""
