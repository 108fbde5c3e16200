"""The batch: many gemeenten in one run, read once, judged together, safe to interrupt."""
