"""How Otziv looks: one source of colours, sizes and drawings for kiosk, web, posters, reports."""
