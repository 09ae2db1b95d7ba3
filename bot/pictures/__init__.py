"""Pictures, as pure functions from values to bytes: no clock, no chance, no sentence of their own."""
