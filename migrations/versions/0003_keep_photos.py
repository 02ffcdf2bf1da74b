"""Add photos, and their details."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "hair_review",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column("part_width_mm", sa.Float(), nullable=True),
        sa.Column("global_change", sa.Integer(), nullable=True),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '"global_change" IS NULL OR "global_change" BETWEEN -3 AND 3',
            name=op.f("ck_hair_review_global_change"),
        ),
        sa.CheckConstraint(
            '"part_width_mm" IS NULL OR "part_width_mm" BETWEEN 0 AND 200',
            name=op.f("ck_hair_review_part_width_mm"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_hair_review_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hair_review")),
        sa.UniqueConstraint("user_id", "on", name=op.f("uq_hair_review_user_id_on")),
    )
    op.create_table(
        "progress_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column(
            "view",
            sa.Enum(
                "frontal",
                "mid_scalp",
                "vertex",
                "left_temple",
                "right_temple",
                name="photoview",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "hair",
            sa.Enum(
                "dry", "wet", name="hairstate", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_progress_photo_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_photo")),
    )
    with op.batch_alter_table("progress_photo", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_progress_photo_user_id_on"), ["user_id", "on"], unique=False
        )
