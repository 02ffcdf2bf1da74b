"""Read a person's diary, without a web request; services write it."""

from app.diary.diary import Diary

__all__ = ["Diary"]
