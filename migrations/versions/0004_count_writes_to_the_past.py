"""Count writes to the past."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("log_version", sa.Integer(), nullable=False, server_default="1")
        )
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.alter_column("log_version", server_default=None)
