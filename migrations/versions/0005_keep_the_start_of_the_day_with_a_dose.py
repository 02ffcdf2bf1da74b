"""Keep the start of the day with a dose."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

STARTS_AT = "03:00:00.000000"


def upgrade() -> None:
    op.add_column(
        "dose_event",
        sa.Column("day_starts_time", sa.Time(), nullable=False, server_default=STARTS_AT),
    )
    # Nothing else is known of the doses there are: they were read by the account's day until now.
    op.execute(
        "UPDATE dose_event SET day_starts_time = (SELECT user_account.day_starts_time"
        " FROM user_account WHERE user_account.id = dose_event.user_id)"
    )
