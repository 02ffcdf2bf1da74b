"""Remember which deleted accounts may still have text in the database's files."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    # Of accounts deleted before nobody knows: they are erased once more.
    op.add_column(
        "deleted_account",
        sa.Column("is_erased", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("deleted_account", "is_erased")
