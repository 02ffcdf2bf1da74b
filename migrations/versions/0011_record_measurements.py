"""Record blood pressure, pulse and weight, and which of them a person turned on."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

LIMITS = {
    "systolic_mmhg": (50, 300),
    "diastolic_mmhg": (20, 200),
    "pulse_bpm": (20, 250),
    "weight_kg": (20, 400),
}


def upgrade() -> None:
    op.create_table(
        "measurement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column("measured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("systolic_mmhg", sa.Integer(), nullable=True),
        sa.Column("diastolic_mmhg", sa.Integer(), nullable=True),
        sa.Column("pulse_bpm", sa.Integer(), nullable=True),
        sa.Column("weight_kg", sa.Float(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(
                f'"{column}" IS NULL OR "{column}" BETWEEN {low} AND {high}',
                name=op.f(f"ck_measurement_{column}"),
            )
            for column, (low, high) in LIMITS.items()
        ),
        sa.CheckConstraint(
            "(systolic_mmhg IS NULL) = (diastolic_mmhg IS NULL)",
            name=op.f("ck_measurement_blood_pressure"),
        ),
        sa.CheckConstraint(
            "systolic_mmhg IS NOT NULL OR pulse_bpm IS NOT NULL OR weight_kg IS NOT NULL",
            name=op.f("ck_measurement_values"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_measurement_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measurement")),
    )
    op.create_index(op.f("ix_measurement_user_id_on"), "measurement", ["user_id", "on"])
    op.add_column(
        "user_account",
        sa.Column("measures_on", sa.String(length=60), nullable=False, server_default=""),
    )
    # With its CHECK in the column: SQLite adds no other to a table that is there.
    op.execute(
        "ALTER TABLE user_account ADD COLUMN weight_unit VARCHAR(24) DEFAULT 'kg' NOT NULL"
        " CONSTRAINT ck_user_account_weightunit CHECK (weight_unit IN ('kg', 'lb'))"
    )
