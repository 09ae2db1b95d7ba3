"""The exercises that numbered steps stood for"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("portion", sa.Column("exercises", sa.String(), nullable=True))
    op.add_column("tryout", sa.Column("exercise", sa.String(), nullable=True))
    op.add_column("weight", sa.Column("exercise", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("weight", "exercise")
    op.drop_column("tryout", "exercise")
    op.drop_column("portion", "exercises")
