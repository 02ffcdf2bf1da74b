"""Send reminders: what people choose about them, their devices, and what was sent."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    _add_choices()
    op.create_table(
        "reminder_clock",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        _owner("reminder_clock"),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_reminder_clock")),
    )
    op.create_index(op.f("ix_reminder_clock_next_at"), "reminder_clock", ["next_at"])
    op.create_table(
        "reminder",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("snoozed_until", sa.DateTime(timezone=True), nullable=True),
        _owner("reminder"),
        sa.PrimaryKeyConstraint("user_id", "on", "part", name=op.f("pk_reminder")),
    )
    op.create_table(
        "push_device",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sign_in_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.String(length=2048), nullable=False),
        sa.Column("p256dh", sa.String(length=120), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        _owner("push_device"),
        sa.ForeignKeyConstraint(
            ["sign_in_id"],
            ["sign_in.id"],
            name=op.f("fk_push_device_sign_in_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_device")),
        sa.UniqueConstraint("sign_in_id", name=op.f("uq_push_device_sign_in_id")),
    )
    op.create_index(op.f("ix_push_device_user_id"), "push_device", ["user_id"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("device_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("part", sa.String(length=16), nullable=True),
        _choice("state", "deliverystate", "claimed", "sent", "failed"),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("shown_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=40), nullable=False),
        _owner("delivery"),
        sa.ForeignKeyConstraint(
            ["device_id"],
            ["push_device.id"],
            name=op.f("fk_delivery_device_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_user_id"), "delivery", ["user_id"])
    op.create_index(op.f("ix_delivery_device_id"), "delivery", ["device_id"])
    op.create_index(op.f("ix_delivery_sent_at"), "delivery", ["sent_at"])


def downgrade() -> None:
    """Devices must be turned on again, and what people chose about reminders is lost."""
    for table in ("delivery", "push_device", "reminder", "reminder_clock"):
        op.drop_table(table)
    with op.batch_alter_table("preferences") as batch:
        batch.drop_constraint(op.f("ck_preferences_remindertext"), type_="check")
        for name in ("reminds", "reminder_times", "reminder_text", "quiet_hours"):
            batch.drop_column(name)


def _add_choices() -> None:
    columns: list[sa.Column[object]] = [
        sa.Column("reminds", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("reminder_times", sa.String(length=200), nullable=False, server_default=""),
        _choice("reminder_text", "remindertext", "quiet", "names", "doses", default="quiet"),
        sa.Column("quiet_hours", sa.String(length=11), nullable=False, server_default=""),
    ]
    with op.batch_alter_table("preferences") as batch:
        for column in columns:
            batch.add_column(column)
    with op.batch_alter_table("preferences") as batch:
        for column in columns:
            batch.alter_column(column.name, server_default=None)


def _owner(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["user_id"], ["user_account.id"], name=op.f(f"fk_{table}_user_id"), ondelete="CASCADE"
    )


def _choice(
    column: str, name: str, *values: str, default: str | None = None
) -> "sa.Column[object]":
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
    return sa.Column(column, kind, nullable=False, server_default=default)
