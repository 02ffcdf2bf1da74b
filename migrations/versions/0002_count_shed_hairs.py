"""Count shed hairs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "shedding_count",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "sixty_second",
                "wash",
                "picture",
                "daily",
                name="countmethod",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("hairs", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("days_since_wash", sa.Integer(), nullable=True),
        sa.Column(
            "hair_length",
            sa.Enum(
                "very_short",
                "short",
                "medium",
                "long",
                name="hairlength",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "chemical_treatment",
            sa.Enum(
                "none",
                "dyed",
                "bleached",
                "permed",
                "straightened",
                name="chemicaltreatment",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("comb", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "CASE WHEN method = 'picture' THEN hairs IS NULL AND score IS NOT NULL"
            " ELSE hairs IS NOT NULL AND score IS NULL END",
            name=op.f("ck_shedding_count_reading"),
        ),
        sa.CheckConstraint(
            '"days_since_wash" IS NULL OR "days_since_wash" BETWEEN 0 AND 60',
            name=op.f("ck_shedding_count_days_since_wash"),
        ),
        sa.CheckConstraint(
            '"hairs" IS NULL OR "hairs" BETWEEN 0 AND 5000', name=op.f("ck_shedding_count_hairs")
        ),
        sa.CheckConstraint(
            '"run" IS NULL OR "run" BETWEEN 1 AND 3', name=op.f("ck_shedding_count_run")
        ),
        sa.CheckConstraint(
            '"score" IS NULL OR "score" BETWEEN 1 AND 6', name=op.f("ck_shedding_count_score")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_shedding_count_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shedding_count")),
        sa.UniqueConstraint(
            "user_id", "on", "method", "run", name=op.f("uq_shedding_count_user_id_on_method_run")
        ),
    )
