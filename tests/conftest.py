"""What all tests share."""

from hypothesis import settings

# Two cores are shared by many: a slow moment of the machine is no fault of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
