"""Store where a rhythm counts from, breaks between a stop and a restart, and any unit.

* `dosage.rhythm_from`: the day that "every N days" and cycles count from.
* `pause.is_break`: the days between a stop and a restart.
* Units of up to 40 characters: a file may bring "suppositories".
* A stored slot without an import: one that a change of dose kept because it was answered.

SQLite cannot alter a column, and rebuilding a table would lose its CHECKs: there the unit
is copied into a wider column, which then takes its name.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WIDE = sa.String(length=40)


def upgrade() -> None:
    op.add_column("dosage", sa.Column("rhythm_from", sa.Date(), nullable=True))
    op.add_column(
        "pause", sa.Column("is_break", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for table in ("dosage", "dose_event", "imported_slot"):
        _widen_unit(table)
    with op.batch_alter_table("imported_slot") as batch:
        batch.alter_column("import_batch_id", existing_type=sa.Uuid(), nullable=True)


def _widen_unit(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column(table, "unit", type_=WIDE, existing_type=sa.String(length=12))
        return
    op.execute(f"ALTER TABLE {table} ADD COLUMN wide_unit VARCHAR(40) NOT NULL DEFAULT ''")
    op.execute(f"UPDATE {table} SET wide_unit = unit")
    op.execute(f"ALTER TABLE {table} DROP COLUMN unit")
    op.execute(f"ALTER TABLE {table} RENAME COLUMN wide_unit TO unit")


def downgrade() -> None:
    """Units stay wide, so that no unit is cut short."""
    op.execute("DELETE FROM imported_slot WHERE import_batch_id IS NULL")
    with op.batch_alter_table("imported_slot") as batch:
        batch.alter_column("import_batch_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_column("pause", "is_break")
    op.drop_column("dosage", "rhythm_from")
