"""Keep other medicines and own rules of hours apart, what a package costs, and the currency."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "medicine",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("times", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_medicine_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_medicine")),
    )
    with op.batch_alter_table("medicine", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_medicine_user_id"), ["user_id"], unique=False)
    sides = [
        ("first_item_id", "regimen_item.id"),
        ("first_medicine_id", "medicine.id"),
        ("second_item_id", "regimen_item.id"),
        ("second_medicine_id", "medicine.id"),
    ]
    op.create_table(
        "apart_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        *(sa.Column(column, sa.Uuid(), nullable=True) for column, _target in sides),
        sa.Column("hours", sa.Float(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(first_item_id IS NULL) <> (first_medicine_id IS NULL)",
            name=op.f("ck_apart_rule_first_side"),
        ),
        sa.CheckConstraint(
            "(second_item_id IS NULL) <> (second_medicine_id IS NULL)",
            name=op.f("ck_apart_rule_second_side"),
        ),
        sa.CheckConstraint(
            '"hours" IS NULL OR "hours" BETWEEN 0 AND 72', name=op.f("ck_apart_rule_hours")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_apart_rule_user_id"),
            ondelete="CASCADE",
        ),
        *(
            sa.ForeignKeyConstraint(
                [column], [target], name=op.f(f"fk_apart_rule_{column}"), ondelete="CASCADE"
            )
            for column, target in sides
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apart_rule")),
    )
    with op.batch_alter_table("apart_rule", schema=None) as batch_op:
        for column in ["user_id", *(column for column, _target in sides)]:
            batch_op.create_index(batch_op.f(f"ix_apart_rule_{column}"), [column], unique=False)
    op.add_column("regimen_item", sa.Column("package_price", sa.Float(), nullable=True))
    op.add_column("regimen_item", sa.Column("package_amount", sa.Float(), nullable=True))
    op.add_column(
        "user_account",
        sa.Column("currency", sa.String(length=8), nullable=False, server_default=""),
    )
