"""Recognise an imported dose in a later file, also after a correction.

A row that an earlier release took has no statement; the next import of its file adds it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column(
        "import_batch",
        sa.Column("content_hash", sa.String(length=64), nullable=False, server_default=""),
    )
    op.add_column(
        "import_batch",
        sa.Column("is_finished", sa.Boolean(), nullable=False, server_default=sa.true()),
    )
    for name, kind in (
        ("regimen_item_id", sa.Uuid()),
        ("due_on", sa.Date()),
        ("event_id", sa.Uuid()),
        ("stated", sa.JSON()),
    ):
        op.add_column("imported_row", sa.Column(name, kind, nullable=True))
    op.create_index(op.f("ix_imported_row_user_id_due_on"), "imported_row", ["user_id", "due_on"])
    op.add_column(
        "imported_slot", sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.create_table(
        "imported_medicine",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("regimen_item_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_imported_medicine_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "source", "name_key", name=op.f("pk_imported_medicine")),
    )


def downgrade() -> None:
    op.drop_table("imported_medicine")
    op.drop_column("imported_slot", "scheduled_at")
    op.drop_index(op.f("ix_imported_row_user_id_due_on"), "imported_row")
    for name in ("regimen_item_id", "due_on", "event_id", "stated"):
        op.drop_column("imported_row", name)
    for name in ("content_hash", "is_finished"):
        op.drop_column("import_batch", name)
