"""The portal's own database: citizens' data, comments, accounts. Apart from the feedback store."""
