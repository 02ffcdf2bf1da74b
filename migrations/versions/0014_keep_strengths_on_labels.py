"""Keep the strength and the unit of each ingredient, and how capsules and sprays are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    for name, length in (("unit", 40), ("strength_unit", 10)):
        op.add_column(
            "ingredient",
            sa.Column(name, sa.String(length=length), nullable=False, server_default=""),
        )
    op.add_column("ingredient", sa.Column("strength", sa.Float(), nullable=True))
    op.add_column("regimen_item", sa.Column("piece_amount", sa.Float(), nullable=True))
    op.add_column("regimen_item", sa.Column("spray_ml", sa.Float(), nullable=True))
    op.add_column("regimen_item", sa.Column("donation_note", sa.String(length=200), nullable=True))


def downgrade() -> None:
    for name in ("donation_note", "spray_ml", "piece_amount"):
        op.drop_column("regimen_item", name)
    for name in ("strength", "strength_unit", "unit"):
        op.drop_column("ingredient", name)
