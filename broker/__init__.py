"""Everything between a kiosk and the database: wire, links, collector, feedback store."""
