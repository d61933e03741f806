"""What the municipality says of itself: name, arms, contact, texts."""
