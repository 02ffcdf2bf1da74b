"""Store imported files, whatever their format, and undo an import.

`import_log` writes an `ImportedLog`, `preview_log` counts what that would do, and `undo_import`
reverts what one import wrote.
"""

from app.interchange.writer.items import Choices
from app.interchange.writer.log_writer import import_log, preview_log
from app.interchange.writer.report import ImportReport, UndoReport
from app.interchange.writer.undo import imports_to_undo, undo_import

__all__ = [
    "Choices",
    "ImportReport",
    "UndoReport",
    "import_log",
    "imports_to_undo",
    "preview_log",
    "undo_import",
]
