"""Several rituals a person, pauses, quiet hours, and what got in the way"""

import sqlalchemy as sa
from alembic import op

from bot.storage import tables

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# All may be null: an older version that still runs writes none of them.
COLUMNS = (
    ("ritual", "name", sa.String),
    ("ritual", "minutes", sa.Integer),
    ("ritual", "ended_at", tables.Instant),
    ("session", "variety", sa.Integer),
    ("person", "quiet_from", sa.Time),
    ("person", "quiet_until", sa.Time),
    ("person", "typing", sa.String),
    ("person", "typing_since", tables.Instant),
)


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind(), nullable=True))
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("at", tables.Instant(timezone=True), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_pause_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
        sa.UniqueConstraint("update_id", name=op.f("uq_pause_update_id")),
    )
    op.create_index(op.f("ix_pause_person_id"), "pause", ["person_id"], unique=False)
    op.create_table(
        "hindrance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", tables.Instant(timezone=True), nullable=False),
        sa.Column("update_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_hindrance_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hindrance")),
        sa.UniqueConstraint("update_id", name=op.f("uq_hindrance_update_id")),
    )
    op.create_index(op.f("ix_hindrance_person_id"), "hindrance", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_table("hindrance")
    op.drop_table("pause")
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name)
