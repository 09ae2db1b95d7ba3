"""The due-index holds what is open, and nothing of what is over

PostgreSQL builds it beside whoever writes meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KINDS = ("delivery", "review", "errand")


def upgrade() -> None:
    still = sa.text("state IN ('due', 'claimed', 'sending')")
    with op.get_context().autocommit_block():
        for kind in KINDS:
            op.create_index(
                f"{kind}_open",
                kind,
                ["due_at"],
                sqlite_where=still,
                postgresql_where=still,
                postgresql_concurrently=True,
                if_not_exists=True,
            )
            op.drop_index(
                f"{kind}_due", table_name=kind, postgresql_concurrently=True, if_exists=True
            )


def downgrade() -> None:
    for kind in KINDS:
        op.create_index(f"{kind}_due", kind, ["state", "due_at"])
        op.drop_index(f"{kind}_open", table_name=kind)
