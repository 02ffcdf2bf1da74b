"""Add how topicals and procedures are applied, and how a person wants Today to look.

The CHECKs are in the columns: SQLite adds no others to an existing table, and rebuilding
`regimen_item` would delete the rows that depend on it by cascade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MINUTES = {"minutes_on": 1440}
MOST = {
    "regimen_item": {**MINUTES, "dry_minutes": 1440, "needle_mm": 5, "shut_out_hours": 168},
    "dose_event": {**MINUTES, "needle_mm": 5},
}


def upgrade() -> None:
    for table, columns in MOST.items():
        zones = sa.Column("zones", sa.String(length=80), nullable=False, server_default="")
        op.add_column(table, zones)
        for column, most in columns.items():
            check = f'CHECK ("{column}" IS NULL OR "{column}" BETWEEN 0 AND {most})'
            op.execute(
                f"ALTER TABLE {table} ADD COLUMN {column} FLOAT"
                f" CONSTRAINT ck_{table}_{column} {check}"
            )
    op.add_column(
        "regimen_item",
        sa.Column("neutral_name", sa.String(length=40), nullable=False, server_default=""),
    )
    op.add_column(
        "user_account",
        sa.Column("is_large", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("user_account", sa.Column("day_parts", sa.JSON(), nullable=True))
    op.add_column(
        "user_account",
        sa.Column("hints_seen", sa.String(length=200), nullable=False, server_default=""),
    )
