"""What a person's diary says: read here, written by services, without a web request."""

from app.diary.diary import Diary

__all__ = ["Diary"]
