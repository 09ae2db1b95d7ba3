"""Numbers of sessions and rituals are never given twice: buttons of whoever was forgotten still carry them"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("ritual", "session")


def upgrade() -> None:
    _make_anew(sqlite_autoincrement=True)


def downgrade() -> None:
    _make_anew()


def _make_anew(**how: bool) -> None:
    """SQLite only; PostgreSQL's sequences never go back. What refers to these tables stays as it is."""
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            with op.batch_alter_table(table, recreate="always", table_kwargs=how):
                pass
