"""Let the names of what is taken be hidden from titles and notices."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column(
        "user_account",
        sa.Column("is_discreet", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
