"""Say of a version to which answers it gives way, how much it says, and which entry it undoes."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column(
        "entry_version",
        sa.Column("gives_way", sa.String(length=8), nullable=False, server_default="never"),
    )
    op.add_column("entry_version", sa.Column("short_answer", sa.String(length=16), nullable=True))
    op.add_column("entry_version", sa.Column("undoes", sa.Uuid(), nullable=True))
    op.execute("UPDATE entry_version SET gives_way = 'to_any' WHERE only_if_open")
    op.drop_column("entry_version", "only_if_open")


def downgrade() -> None:
    op.add_column(
        "entry_version",
        sa.Column("only_if_open", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.execute("UPDATE entry_version SET only_if_open = (gives_way = 'to_any')")
    for name in ("undoes", "short_answer", "gives_way"):
        op.drop_column("entry_version", name)
