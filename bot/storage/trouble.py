"""Which faults of the store pass by themselves: then the same is tried again, and nothing is lost."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

# Locked, full or out of reach; not that a statement is wrong, or that a row contradicts another.
PASSING = (OperationalError, InterfaceError, PoolExhausted, ConnectionError, TimeoutError)


def passes(fault: BaseException | None) -> bool:
    """Whether to wait for the store, rather than to give up what was to be done.

    What asyncpg has no kind for is of the server: shut down, full, two that wait for each other.
    """
    return isinstance(fault, PASSING) or type(fault) is DBAPIError
