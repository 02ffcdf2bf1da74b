"""Remind of refills: whether a person wants that, and of which items they were told."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    with op.batch_alter_table("preferences") as batch:
        batch.add_column(
            sa.Column("reminds_of_refills", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("preferences") as batch:
        batch.alter_column("reminds_of_refills", server_default=None)
    op.create_table(
        "refill_call",
        sa.Column("regimen_item_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["regimen_item_id"],
            ["regimen_item.id"],
            name=op.f("fk_refill_call_regimen_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_refill_call_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("regimen_item_id", name=op.f("pk_refill_call")),
    )
    op.create_index(op.f("ix_refill_call_user_id"), "refill_call", ["user_id"])


def downgrade() -> None:
    op.drop_table("refill_call")
    with op.batch_alter_table("preferences") as batch:
        batch.drop_column("reminds_of_refills")
