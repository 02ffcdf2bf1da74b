"""Create the regimen and its log."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:

    op.create_table(
        "failed_sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name_hash", sa.String(length=64), nullable=False),
        sa.Column("network_hash", sa.String(length=64), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_failed_sign_in")),
    )
    with op.batch_alter_table("failed_sign_in", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_failed_sign_in_failed_at"), ["failed_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_failed_sign_in_name_hash"), ["name_hash"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_failed_sign_in_network_hash"), ["network_hash"], unique=False
        )

    op.create_table(
        "user_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_key", sa.String(length=240), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("day_starts_time", sa.Time(), nullable=False),
        sa.Column("first_weekday", sa.Integer(), nullable=False),
        sa.Column(
            "theme",
            sa.Enum(
                "system",
                "light",
                "dark",
                name="theme",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "vitamin_unit",
            sa.Enum(
                "ug", "IU", name="vitaminunit", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("emergency_line", sa.String(length=200), nullable=False),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("regimen_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '"first_weekday" IS NULL OR "first_weekday" BETWEEN 1 AND 7',
            name=op.f("ck_user_account_first_weekday"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("name_key", name=op.f("uq_user_account_name_key")),
    )
    op.create_table(
        "check_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column("mood", sa.Integer(), nullable=True),
        sa.Column("energy", sa.Integer(), nullable=True),
        sa.Column("sleep", sa.Integer(), nullable=True),
        sa.Column("stress", sa.Integer(), nullable=True),
        sa.Column("focus", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '"energy" IS NULL OR "energy" BETWEEN 1 AND 5', name=op.f("ck_check_in_energy")
        ),
        sa.CheckConstraint(
            '"focus" IS NULL OR "focus" BETWEEN 1 AND 5', name=op.f("ck_check_in_focus")
        ),
        sa.CheckConstraint(
            '"mood" IS NULL OR "mood" BETWEEN 1 AND 5', name=op.f("ck_check_in_mood")
        ),
        sa.CheckConstraint(
            '"sleep" IS NULL OR "sleep" BETWEEN 0 AND 10', name=op.f("ck_check_in_sleep")
        ),
        sa.CheckConstraint(
            '"stress" IS NULL OR "stress" BETWEEN 0 AND 10', name=op.f("ck_check_in_stress")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_check_in_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("user_id", "on", name=op.f("uq_check_in_user_id_on")),
    )
    op.create_table(
        "entry_version",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_entry_version_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "entry_id", "subject", name=op.f("pk_entry_version")),
    )
    with op.batch_alter_table("entry_version", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_entry_version_user_id_subject_changed_at_entry_id"),
            ["user_id", "subject", "changed_at", "entry_id"],
            unique=False,
        )

    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_import_batch_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_user_id"), ["user_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "note",
                "event",
                name="notekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=10000), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_note_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_user_id_on"), ["user_id", "on"], unique=False)

    op.create_table(
        "regimen_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("catalogue_id", sa.String(length=40), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("route", sa.String(length=20), nullable=False),
        sa.Column("icon", sa.String(length=20), nullable=False),
        sa.Column("tone", sa.String(length=12), nullable=False),
        sa.Column("instruction", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=False),
        sa.Column("slots_from", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_regimen_item_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regimen_item")),
    )
    with op.batch_alter_table("regimen_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_regimen_item_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("device_label", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_sign_in_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "tracked_symptom",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=48), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_asked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_tracked_symptom_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tracked_symptom")),
        sa.UniqueConstraint("user_id", "slug", name=op.f("uq_tracked_symptom_user_id_slug")),
    )
    with op.batch_alter_table("tracked_symptom", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tracked_symptom_user_id"), ["user_id"], unique=False)

    op.create_table(
        "dosage",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("regimen_item_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "daily",
                "weekdays",
                "every_days",
                "days_of_month",
                "cycle",
                "flexible",
                "as_needed",
                name="timingkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("usual_amount", sa.Float(), nullable=True),
        sa.Column("every_days", sa.Integer(), nullable=False),
        sa.Column("days_of_month", sa.String(length=100), nullable=False),
        sa.Column("cycle_on", sa.Integer(), nullable=False),
        sa.Column("cycle_off", sa.Integer(), nullable=False),
        sa.Column("per_week", sa.Integer(), nullable=False),
        sa.Column("per_week_most", sa.Integer(), nullable=False),
        sa.Column("gap_hours", sa.Float(), nullable=True),
        sa.Column("daily_maximum", sa.Integer(), nullable=True),
        sa.Column("taper_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            '"cycle_off" IS NULL OR "cycle_off" BETWEEN 0 AND 366', name=op.f("ck_dosage_cycle_off")
        ),
        sa.CheckConstraint(
            '"cycle_on" IS NULL OR "cycle_on" BETWEEN 0 AND 366', name=op.f("ck_dosage_cycle_on")
        ),
        sa.CheckConstraint(
            '"daily_maximum" IS NULL OR "daily_maximum" BETWEEN 1 AND 99',
            name=op.f("ck_dosage_daily_maximum"),
        ),
        sa.CheckConstraint(
            '"every_days" IS NULL OR "every_days" BETWEEN 1 AND 366',
            name=op.f("ck_dosage_every_days"),
        ),
        sa.CheckConstraint(
            '"gap_hours" IS NULL OR "gap_hours" BETWEEN 0 AND 720', name=op.f("ck_dosage_gap_hours")
        ),
        sa.CheckConstraint(
            '"per_week" IS NULL OR "per_week" BETWEEN 0 AND 99', name=op.f("ck_dosage_per_week")
        ),
        sa.CheckConstraint(
            '"per_week_most" IS NULL OR "per_week_most" BETWEEN 0 AND 99',
            name=op.f("ck_dosage_per_week_most"),
        ),
        sa.CheckConstraint(
            '"usual_amount" IS NULL OR "usual_amount" BETWEEN 0 AND 1000000',
            name=op.f("ck_dosage_usual_amount"),
        ),
        sa.ForeignKeyConstraint(
            ["regimen_item_id"],
            ["regimen_item.id"],
            name=op.f("fk_dosage_regimen_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_dosage_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dosage")),
    )
    with op.batch_alter_table("dosage", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dosage_regimen_item_id"), ["regimen_item_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_dosage_user_id"), ["user_id"], unique=False)

    op.create_table(
        "dose_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("regimen_item_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_time", sa.Time(), nullable=True),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "taken",
                "skipped",
                name="dosestatus",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("amount", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.CheckConstraint(
            '"amount" IS NULL OR "amount" BETWEEN 0 AND 1000000', name=op.f("ck_dose_event_amount")
        ),
        sa.ForeignKeyConstraint(
            ["regimen_item_id"],
            ["regimen_item.id"],
            name=op.f("fk_dose_event_regimen_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_dose_event_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dose_event")),
        sa.UniqueConstraint(
            "regimen_item_id",
            "due_on",
            "due_time",
            name=op.f("uq_dose_event_regimen_item_id_due_on_due_time"),
        ),
    )
    with op.batch_alter_table("dose_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_dose_event_user_id_due_on"), ["user_id", "due_on"], unique=False
        )

    op.create_table(
        "imported_row",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_key", sa.String(length=80), nullable=False),
        sa.Column("import_batch_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_imported_row_import_batch_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_imported_row_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", "source", "source_key", name=op.f("pk_imported_row")),
    )
    with op.batch_alter_table("imported_row", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_imported_row_import_batch_id"), ["import_batch_id"], unique=False
        )

    op.create_table(
        "imported_slot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("regimen_item_id", sa.Uuid(), nullable=False),
        sa.Column("import_batch_id", sa.Uuid(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("due_time", sa.Time(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("window_minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_batch_id"],
            ["import_batch.id"],
            name=op.f("fk_imported_slot_import_batch_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["regimen_item_id"],
            ["regimen_item.id"],
            name=op.f("fk_imported_slot_regimen_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_imported_slot_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_slot")),
        sa.UniqueConstraint(
            "regimen_item_id",
            "due_on",
            "due_time",
            name=op.f("uq_imported_slot_regimen_item_id_due_on_due_time"),
        ),
    )
    with op.batch_alter_table("imported_slot", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_imported_slot_user_id_due_on"), ["user_id", "due_on"], unique=False
        )

    op.create_table(
        "ingredient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("regimen_item_id", sa.Uuid(), nullable=False),
        sa.Column("substance", sa.String(length=40), nullable=False),
        sa.Column("mass_ug", sa.Float(), nullable=False),
        sa.Column("per_amount", sa.Float(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["regimen_item_id"],
            ["regimen_item.id"],
            name=op.f("fk_ingredient_regimen_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_ingredient_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ingredient")),
    )
    with op.batch_alter_table("ingredient", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ingredient_regimen_item_id"), ["regimen_item_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_ingredient_user_id"), ["user_id"], unique=False)

    op.create_table(
        "pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("regimen_item_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["regimen_item_id"],
            ["regimen_item.id"],
            name=op.f("fk_pause_regimen_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_pause_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pause_regimen_item_id"), ["regimen_item_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_pause_user_id"), ["user_id"], unique=False)

    op.create_table(
        "symptom_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("iso_week", sa.Integer(), nullable=False),
        sa.Column("symptom", sa.String(length=48), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("interference", sa.Integer(), nullable=True),
        sa.Column("regimen_item_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            '"interference" IS NULL OR "interference" BETWEEN 0 AND 4',
            name=op.f("ck_symptom_report_interference"),
        ),
        sa.CheckConstraint(
            '"severity" IS NULL OR "severity" BETWEEN 0 AND 4',
            name=op.f("ck_symptom_report_severity"),
        ),
        sa.ForeignKeyConstraint(
            ["regimen_item_id"],
            ["regimen_item.id"],
            name=op.f("fk_symptom_report_regimen_item_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_symptom_report_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_symptom_report")),
        sa.UniqueConstraint(
            "user_id", "on", "symptom", name=op.f("uq_symptom_report_user_id_on_symptom")
        ),
    )
    with op.batch_alter_table("symptom_report", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_symptom_report_user_id_symptom_on"),
            ["user_id", "symptom", "on"],
            unique=False,
        )

    op.create_table(
        "dosage_time",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("dosage_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("days_of_week", sa.String(length=7), nullable=False),
        sa.CheckConstraint(
            '"amount" IS NULL OR "amount" BETWEEN 0 AND 1000000', name=op.f("ck_dosage_time_amount")
        ),
        sa.ForeignKeyConstraint(
            ["dosage_id"], ["dosage.id"], name=op.f("fk_dosage_time_dosage_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_dosage_time_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dosage_time")),
    )
    with op.batch_alter_table("dosage_time", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dosage_time_dosage_id"), ["dosage_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_dosage_time_user_id"), ["user_id"], unique=False)
