"""Read the app's addresses, parameters and forms from the app itself."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from fastapi.routing import APIRoute
from pydantic import BaseModel

from app.domain.photo_views import PhotoView
from app.main import create_app
from app.services.photo_sets import ONE_PHOTO
from app.settings import Settings
from app.web.forms.photo import SentPhotos, field_of
from app.web.http.reading import Submission

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One address with its parameters and form; each part with its JSON schema."""

    name: str
    method: str
    path: str
    pattern: re.Pattern[str]
    parts: Mapping[str, Schema]
    query: Mapping[str, Schema]
    fields: Mapping[str, Schema]
    files: tuple[str, ...]


def all_asked(folder: Path) -> list[Asked]:
    """Return every route of the app; `folder` is a data directory that nothing is written to."""
    routes = create_app(Settings(data_dir=folder)).routes
    return [_asked(route) for route in routes if isinstance(route, APIRoute)]


def _asked(route: APIRoute) -> Asked:
    hints = get_type_hints(route.endpoint).values()
    forms = [form for hint in hints for form in _forms_in(hint)]
    files = (ONE_PHOTO, *map(field_of, PhotoView)) if SentPhotos in hints else ()
    return Asked(
        name=route.name,
        method=next(iter(route.methods or ())),
        path=route.path,
        pattern=route.path_regex,
        parts={each.alias: _schema_of(each) for each in route.dependant.path_params},
        query={each.alias: _schema_of(each) for each in route.dependant.query_params},
        fields={name: schema for form in forms for name, schema in _fields_of(form)},
        files=files,
    )


def _forms_in(hint: Any) -> Iterator[type[BaseModel]]:
    """The forms of a handler's argument, which may hold several."""
    if get_origin(hint) is Submission:
        yield get_args(hint)[0]
    elif is_dataclass(hint):
        for inner in get_type_hints(hint).values():
            yield from _forms_in(inner)


def _fields_of(form: type[BaseModel]) -> Iterator[tuple[str, Schema]]:
    schema = form.model_json_schema()
    for name, field in schema["properties"].items():
        yield name, {**field, "$defs": schema.get("$defs", {})}


def _schema_of(parameter: Any) -> Schema:
    schema: Schema = parameter._type_adapter.json_schema()
    return schema
