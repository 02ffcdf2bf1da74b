"""Compile every template: syntax, filters, and that what it includes is there.

Then look for what the content security policy would block in the browser: inline styles,
inline handlers, and anything from another host.
"""

import re
import sys
from collections.abc import Iterator

from jinja2 import Environment, TemplateError
from jinja2.meta import find_referenced_templates
from sqlalchemy import create_engine

from app.main import create_app
from app.settings import Settings
from app.web.http.templating import TEMPLATES

FORBIDDEN = {
    "an inline style": re.compile(r"""<style\b|\sstyle\s*=""", re.I),
    "an inline handler": re.compile(r"""<[^>]*\son[a-z]+\s*=""", re.I),
    "a script: address": re.compile(r"""["']javascript:""", re.I),
    "something of another host": re.compile(
        r"""<[^a][^>]*\s(?:src|href)=["'](?:https?:)?//""", re.I
    ),
}
COMMENT = re.compile(r"\{#.*?#\}", re.S)


def main() -> int:
    """Check all; return the exit status."""
    app = create_app(Settings(), engine=create_engine("sqlite://"))
    env: Environment = app.state.templates.of_current_language()
    names = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
    problems = [f"{name}: {problem}" for name in names for problem in problems_of(env, name)]
    for problem in problems:
        print(f"templates/{problem}", file=sys.stderr)
    return 1 if problems or not names else 0


def problems_of(env: Environment, name: str) -> Iterator[str]:
    """Return the problems of one template."""
    source = (TEMPLATES / name).read_text()
    try:
        env.get_template(name)
        for other in find_referenced_templates(env.parse(source)):
            if other is not None:
                env.get_template(other)
    except TemplateError as error:
        yield f"{type(error).__name__}: {error}"
    markup = COMMENT.sub("", source)
    yield from (f"has {what}" for what, pattern in FORBIDDEN.items() if pattern.search(markup))


if __name__ == "__main__":
    sys.exit(main())
