"""What is on its way, and what waits in the inbox, is found by indices as small as that"""

from alembic import op

from bot.storage import indices

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

POSTED = ("delivery", "review", "errand")
OPEN = "state IN ('due', 'claimed', 'sending')"


def upgrade() -> None:
    for table in POSTED:
        indices.build(f"{table}_open", table, "due_at", where=OPEN)
        indices.drop(f"{table}_due", table)
    waiting = "waiting = 1" if op.get_bind().dialect.name == "sqlite" else "waiting"
    indices.build("inbox_line", "inbox", "chat_id", "update_id", where=waiting)
    indices.build(op.f("ix_inbox_chat_id"), "inbox", "chat_id")
    indices.drop("inbox_waiting", "inbox")
    indices.build(op.f("ix_errand_session_id"), "errand", "session_id")


def downgrade() -> None:
    indices.drop("ix_errand_session_id", "errand")
    indices.build("inbox_waiting", "inbox", "waiting", "chat_id", "update_id")
    indices.drop("ix_inbox_chat_id", "inbox")
    indices.drop("inbox_line", "inbox")
    for table in POSTED:
        indices.build(f"{table}_due", table, "state", "due_at")
        indices.drop(f"{table}_open", table)
