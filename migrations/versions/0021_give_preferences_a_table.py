"""Move the settings into a table of their own, and let a language be chosen.

SQLite drops no column that a CHECK of the table names, so `user_account` is rebuilt there; all of
its CHECKs go. Migrations run with foreign keys off, so nothing is deleted by cascade.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

# How each column was declared in `user_account`.
MOVED = {
    "first_weekday": "INTEGER DEFAULT 1 NOT NULL CONSTRAINT ck_user_account_first_weekday"
    ' CHECK ("first_weekday" IS NULL OR "first_weekday" BETWEEN 1 AND 7)',
    "theme": "VARCHAR(24) DEFAULT 'system' NOT NULL CONSTRAINT ck_user_account_theme"
    " CHECK (theme IN ('system', 'light', 'dark'))",
    "vitamin_unit": "VARCHAR(24) DEFAULT 'ug' NOT NULL CONSTRAINT ck_user_account_vitaminunit"
    " CHECK (vitamin_unit IN ('ug', 'IU'))",
    "emergency_line": "VARCHAR(200) DEFAULT '' NOT NULL",
    "single_keys": "BOOLEAN DEFAULT TRUE NOT NULL",
    "is_discreet": "BOOLEAN DEFAULT FALSE NOT NULL",
    "is_large": "BOOLEAN DEFAULT FALSE NOT NULL",
    "day_parts": "JSON",
    "hints_seen": "VARCHAR(200) DEFAULT '' NOT NULL",
    "currency": "VARCHAR(8) DEFAULT '' NOT NULL",
    "measures_on": "VARCHAR(60) DEFAULT '' NOT NULL",
    "weight_unit": "VARCHAR(24) DEFAULT 'kg' NOT NULL CONSTRAINT ck_user_account_weightunit"
    " CHECK (weight_unit IN ('kg', 'lb'))",
}
NAMES = ", ".join(MOVED)


def upgrade() -> None:
    op.create_table(
        "preferences",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("first_weekday", sa.Integer(), nullable=False),
        _choice("theme", "theme", "system", "light", "dark"),
        _choice("vitamin_unit", "vitaminunit", "ug", "IU"),
        sa.Column("emergency_line", sa.String(length=200), nullable=False),
        sa.Column("single_keys", sa.Boolean(), nullable=False),
        sa.Column("is_discreet", sa.Boolean(), nullable=False),
        sa.Column("is_large", sa.Boolean(), nullable=False),
        sa.Column("day_parts", sa.JSON(), nullable=True),
        sa.Column("hints_seen", sa.String(length=200), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("measures_on", sa.String(length=60), nullable=False),
        _choice("weight_unit", "weightunit", "kg", "lb"),
        sa.Column("language", sa.String(length=16), nullable=True),
        sa.CheckConstraint(
            '"first_weekday" IS NULL OR "first_weekday" BETWEEN 1 AND 7',
            name=op.f("ck_preferences_first_weekday"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_preferences_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_preferences")),
    )
    op.execute(f"INSERT INTO preferences (user_id, {NAMES}) SELECT id, {NAMES} FROM user_account")
    with op.batch_alter_table("user_account") as batch:
        for check in ("first_weekday", "theme", "vitaminunit", "weightunit"):
            batch.drop_constraint(op.f(f"ck_user_account_{check}"), type_="check")
        for name in MOVED:
            batch.drop_column(name)


def downgrade() -> None:
    """The chosen language is lost."""
    for name, declaration in MOVED.items():
        op.execute(f"ALTER TABLE user_account ADD COLUMN {name} {declaration}")
    for name in MOVED:
        chosen = f"SELECT {name} FROM preferences WHERE preferences.user_id = user_account.id"
        op.execute(f"UPDATE user_account SET {name} = ({chosen})")
    op.drop_table("preferences")


def _choice(column: str, name: str, *values: str) -> "sa.Column[str]":
    kind = sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)
    return sa.Column(column, kind, nullable=False)
