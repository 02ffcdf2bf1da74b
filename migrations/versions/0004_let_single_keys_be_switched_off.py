"""Let single keys be switched off."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "user_account",
        sa.Column("single_keys", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
