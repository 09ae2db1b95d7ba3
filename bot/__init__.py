"""Backbeat: a movement habit companion that keeps a daily back ritual."""
