"""Flares"""

import sqlalchemy as sa
from alembic import op

from bot.storage import tables

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "flare",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", tables.Instant(timezone=True), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_flare_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flare")),
        sa.UniqueConstraint("update_id", name=op.f("uq_flare_update_id")),
    )
    with op.batch_alter_table("flare", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flare_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("flare", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flare_person_id"))

    op.drop_table("flare")
