"""The try-out"""

import sqlalchemy as sa
from alembic import op

from bot.storage import tables

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tryout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ladder", sa.String(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("felt", sa.Integer(), nullable=False),
        sa.Column("at", tables.Instant(timezone=True), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_tryout_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tryout")),
        sa.UniqueConstraint("person_id", "ladder", "step", name=op.f("uq_tryout_person_id")),
        sa.UniqueConstraint("update_id", name=op.f("uq_tryout_update_id")),
    )


def downgrade() -> None:
    op.drop_table("tryout")
