"""Count writes to the past."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column(
        "user_account",
        sa.Column("log_version", sa.Integer(), nullable=False, server_default="1"),
    )
