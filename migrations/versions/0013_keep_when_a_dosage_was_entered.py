"""Keep the minute from which a dosage is asked for: nothing is due before it was entered.

Rows that are there stay empty: their first days count as whole days, as they did.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("dosage", sa.Column("entered_on", sa.Date(), nullable=True))
    op.add_column("dosage", sa.Column("entered_time", sa.Time(), nullable=True))
    op.add_column("pause", sa.Column("resumed_time", sa.Time(), nullable=True))


def downgrade() -> None:
    op.drop_column("pause", "resumed_time")
    op.drop_column("dosage", "entered_time")
    op.drop_column("dosage", "entered_on")
