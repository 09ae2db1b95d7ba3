"""A mark of the code that draws: another one where the same figure may give another picture."""

from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path


@cache
def renderer() -> str:
    """Over every file of this room, and the library that makes dots of shapes: nobody has to think of it."""
    digest = sha256(version("resvg_py").encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
