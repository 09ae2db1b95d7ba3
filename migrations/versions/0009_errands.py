"""Errands, answers about one exercise, and the card that can be answered"""

import sqlalchemy as sa
from alembic import op

from bot.storage import tables

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("ladder", sa.String(), nullable=True))
    op.add_column("session", sa.Column("card", sa.BigInteger(), nullable=True))
    op.create_table(
        "errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("due_at", tables.Instant(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("held_until", tables.Instant(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_errand_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["session.id"], name=op.f("fk_errand_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
        sa.UniqueConstraint("person_id", "kind", "key", name=op.f("uq_errand_person_id")),
    )
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.create_index("errand_due", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_errand_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("errand")
    op.drop_column("session", "card")
    op.drop_column("answer", "ladder")
