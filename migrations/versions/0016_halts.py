"""How long Telegram wants everyone to wait"""

import sqlalchemy as sa
from alembic import op

from bot.storage import tables

revision = "0016"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "halt",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("said_at", tables.Instant(timezone=True), nullable=False),
        sa.Column("until", tables.Instant(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_halt")),
    )


def downgrade() -> None:
    op.drop_table("halt")
