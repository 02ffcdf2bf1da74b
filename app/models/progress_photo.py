"""Photos of the scalp with their details, and part widths."""

from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel, col, func, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from app.domain.photo_views import HairState, PhotoView
from app.models.prepared import prepared
from app.models.types import between, str_enum


class ProgressPhoto(SQLModel, table=True):
    """A photo of one view. Its files are named by its id; the uploaded bytes are not stored."""

    __tablename__ = "progress_photo"
    __table_args__ = (Index(None, "user_id", "on"),)

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    on: date
    iso_week: int
    view: PhotoView = Field(sa_type=str_enum(PhotoView))
    hair: HairState | None = Field(default=None, sa_type=str_enum(HairState))
    note: str = Field(default="", max_length=2000)
    width: int
    height: int
    size_bytes: int
    logged_at: datetime

    @classmethod
    @prepared
    def between(cls, user_id: UUID, first: date, last: date) -> SelectOfScalar["ProgressPhoto"]:
        """Select one person's photos from `first` to `last`, inclusive, oldest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .where(col(cls.on).between(first, last))
            .order_by(col(cls.on), col(cls.view), col(cls.logged_at), col(cls.id))
        )

    @classmethod
    @prepared
    def of_view(cls, user_id: UUID, view: PhotoView) -> SelectOfScalar["ProgressPhoto"]:
        """Select one person's photos of a view, newest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id, cls.view == view)
            .order_by(col(cls.on).desc(), col(cls.logged_at).desc(), col(cls.id))
        )

    @classmethod
    @prepared
    def oldest_of_view(cls, user_id: UUID, view: PhotoView) -> SelectOfScalar["ProgressPhoto"]:
        """Select one person's first photo of a view."""
        return (
            select(cls)
            .where(cls.user_id == user_id, cls.view == view)
            .order_by(col(cls.on), col(cls.logged_at), col(cls.id))
            .limit(1)
        )

    @classmethod
    @prepared
    def series(cls, user_id: UUID) -> Select[str, int, date, date]:
        """Select each view with photos: their number, the first day and the last."""
        first, last = func.min(col(cls.on)), func.max(col(cls.on))
        return (
            select(cls.view, func.count(), first, last)
            .where(cls.user_id == user_id)
            .group_by(col(cls.view))
        )


class HairReview(SQLModel, table=True):
    """Part width and overall change of a day; one row per person and day.

    `global_change` is the seven-step comparison with the person's first photos: -3 greatly less
    hair, 0 no change, +3 greatly more.
    """

    __tablename__ = "hair_review"
    __table_args__ = (
        UniqueConstraint("user_id", "on"),
        between("part_width_mm", 0, 200),
        between("global_change", -3, 3),
    )

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    on: date
    iso_week: int
    part_width_mm: float | None = None
    global_change: int | None = None
    logged_at: datetime

    @property
    def is_empty(self) -> bool:
        """Whether nothing was entered."""
        return self.part_width_mm is None and self.global_change is None

    @classmethod
    @prepared
    def between(cls, user_id: UUID, first: date, last: date) -> SelectOfScalar["HairReview"]:
        """Select one person's reviews from `first` to `last`, inclusive, oldest first."""
        return (
            select(cls)
            .where(cls.user_id == user_id)
            .where(col(cls.on).between(first, last))
            .order_by(col(cls.on))
        )


def hair_review_id(user_id: UUID, on: date) -> UUID:
    """Return the id of a day's review, the same on every device."""
    return uuid5(user_id, f"hair review {on}")
