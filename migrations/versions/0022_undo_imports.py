"""Record which import made a decision, so that an import can be undone as a whole."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"

INDEX = "ix_entry_version_user_id_import_batch_id_subject"
OF_IMPORTS = sa.text("import_batch_id IS NOT NULL")


def upgrade() -> None:
    op.add_column("entry_version", sa.Column("import_batch_id", sa.Uuid(), nullable=True))
    op.create_index(
        op.f(INDEX),
        "entry_version",
        ["user_id", "import_batch_id", "subject"],
        sqlite_where=OF_IMPORTS,
        postgresql_where=OF_IMPORTS,
    )
    op.add_column("import_batch", sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("imported_medicine", sa.Column("import_batch_id", sa.Uuid(), nullable=True))
    op.add_column("imported_row", sa.Column("batch_before", sa.Uuid(), nullable=True))
    op.add_column("imported_row", sa.Column("stated_before", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("imported_row", "stated_before")
    op.drop_column("imported_row", "batch_before")
    op.drop_column("imported_medicine", "import_batch_id")
    op.drop_column("import_batch", "undone_at")
    op.drop_index(op.f(INDEX), "entry_version")
    op.drop_column("entry_version", "import_batch_id")
