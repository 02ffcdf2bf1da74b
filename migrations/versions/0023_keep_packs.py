"""Keep packs, counts and losses of an item, and how early it is to be bought again."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

LIMITS = {"amount": (0, 1_000_000), "price": (0, 1_000_000), "packs": (1, 100)}
KINDS = ("pack", "recount", "lost", "given_away")


def upgrade() -> None:
    op.create_table(
        "supply_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("regimen_item_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *KINDS,
                name=op.f("ck_supply_entry_supplykind"),
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("on", sa.Date(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("packs", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("price", sa.Float(), nullable=True),
        sa.Column("ordered_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.Column("use_by", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.CheckConstraint(
                f'"{column}" IS NULL OR "{column}" BETWEEN {low} AND {high}',
                name=op.f(f"ck_supply_entry_{column}"),
            )
            for column, (low, high) in LIMITS.items()
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_supply_entry_user_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["regimen_item_id"],
            ["regimen_item.id"],
            name=op.f("fk_supply_entry_regimen_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supply_entry")),
    )
    for column in ("user_id", "regimen_item_id"):
        op.create_index(op.f(f"ix_supply_entry_{column}"), "supply_entry", [column])
    op.add_column("regimen_item", sa.Column("refill_days", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("regimen_item", "refill_days")
    op.drop_table("supply_entry")
