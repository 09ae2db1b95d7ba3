"""Whose turn a chat is, when an update is tried again, and old ids that go"""

import sqlalchemy as sa
from alembic import op

from bot.storage import indices, tables

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turn",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("held_until", tables.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name=op.f("pk_turn")),
    )
    op.add_column("inbox", sa.Column("try_at", tables.Instant(timezone=True), nullable=True))
    indices.build("inbox_received", "inbox", "received_at")


def downgrade() -> None:
    op.drop_index("inbox_received", "inbox")
    op.drop_column("inbox", "try_at")
    op.drop_table("turn")
