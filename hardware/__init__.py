"""The physical device: its panel of buttons and lights, real and virtual."""
