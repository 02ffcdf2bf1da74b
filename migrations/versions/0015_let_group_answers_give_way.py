"""Say of a version whether it counts only where nothing was answered: Take all gives way."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column(
        "entry_version",
        sa.Column("only_if_open", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    op.drop_column("entry_version", "only_if_open")
