"""A Pinfold server for tests in Python: the fixtures are in `plugin`, the server itself in `server`."""

from .server import Pinfold, PinfoldError

__all__ = ["Pinfold", "PinfoldError"]
