"""People: how the drawn figures shall look"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = ("theme", "tone", "build")


def upgrade() -> None:
    for column in COLUMNS:
        op.add_column("person", sa.Column(column, sa.String(), nullable=True))


def downgrade() -> None:
    for column in reversed(COLUMNS):
        op.drop_column("person", column)
