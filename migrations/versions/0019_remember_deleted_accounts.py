"""Remember the ids of deleted accounts, so that no file of theirs stays."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "deleted_account",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_deleted_account")),
    )


def downgrade() -> None:
    op.drop_table("deleted_account")
