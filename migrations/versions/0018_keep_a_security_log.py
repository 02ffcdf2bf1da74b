"""Keep a log of sign-ins, exports and changes of the account for its owner."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

KINDS = (
    *("created", "signed_in", "wrong_password", "too_many_tries", "wrong_current_password"),
    *("signed_out", "signed_out_device", "signed_out_others", "password_changed"),
    *("password_reset", "name_changed", "exported", "deleted"),
)


def upgrade() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *KINDS, name="activitykind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("device_label", sa.String(length=80), nullable=False),
        sa.Column("network", sa.String(length=45), nullable=False),
        sa.Column("detail", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_activity_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )
    op.create_index(op.f("ix_activity_user_id_last_at"), "activity", ["user_id", "last_at"])


def downgrade() -> None:
    op.drop_table("activity")
