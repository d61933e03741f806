"""What visitors wrote: masked, read by editors, kept for a set time, and nowhere else."""
