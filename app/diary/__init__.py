"""Read a person's diary, without a web request. Services write it."""

from app.diary.diary import Diary

__all__ = ["Diary"]
