"""The text that somebody agreed to, groups that were told, and no names in what is done"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("consented_to", sa.String(), nullable=True))
    op.create_table(
        "told_group",
        sa.Column("group_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_told_group")),
    )
    op.execute("UPDATE inbox SET chat_id = 0, payload = '' WHERE NOT waiting")


def downgrade() -> None:
    op.drop_table("told_group")
    op.drop_column("person", "consented_to")
