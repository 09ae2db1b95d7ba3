"""What all tests share."""

import sys

from hypothesis import settings
from sqlalchemy.dialects import registry

from tests import haste

# httpcore looks for it at every request, and Python looks through every folder for what isn't installed.
sys.modules.setdefault("sniffio", None)  # type: ignore[arg-type]

haste.make()
registry.register("sqlite.aiosqlite", "tests.dialect", "SharedDialect")

# Two cores are shared by many: a slow moment of the machine is no fault of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")
