"""Media: what Telegram calls the pictures that it has"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "media",
        sa.Column("bot_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_media_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bot_id", "digest", name=op.f("pk_media")),
    )
    op.create_index(op.f("ix_media_person_id"), "media", ["person_id"])


def downgrade() -> None:
    op.drop_table("media")
