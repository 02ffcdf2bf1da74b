"""What templates work out once: calls with constants, and small macros."""

from jinja2 import DictLoader
from markupsafe import Markup

from app.web.http.folding import FoldingEnvironment
from app.web.http.templating import cached_macro


def test_a_call_with_constants_is_worked_out_when_the_template_is_compiled() -> None:
    called: list[str] = []

    def shout(word: str, *, end: str = "!") -> str:
        called.append(word)
        return f"{word.upper()}{end}"

    env = FoldingEnvironment(autoescape=True)
    env.globals["shout"] = shout
    env.pure["shout"] = shout
    template = env.from_string('{{ shout("<a>", end="?") }} {{ shout(word) }}')

    assert called == ["<a>"]
    assert template.render(word="b") == "&lt;A&gt;? B!"
    assert template.render(word="c") == "&lt;A&gt;? C!"
    assert called == ["<a>", "b", "c"]


def test_a_kept_macro_escapes_a_text_that_equals_markup() -> None:
    env = FoldingEnvironment(
        autoescape=True,
        loader=DictLoader({"m": "{% macro bold(text) %}<b>{{ text }}</b>{% endmacro %}"}),
    )
    bold = cached_macro(env.get_template("m").module.bold)  # type: ignore[attr-defined]

    assert bold(Markup("<i>")) == "<b><i></b>"
    assert bold("<i>") == "<b>&lt;i&gt;</b>"
    assert bold("<i>") is bold("<i>")


def test_what_may_change_is_not_a_key_of_a_kept_macro() -> None:
    env = FoldingEnvironment(
        autoescape=True,
        loader=DictLoader({"m": '{% macro row(days) %}{{ days | join(" ") }}{% endmacro %}'}),
    )
    row = cached_macro(env.get_template("m").module.row)  # type: ignore[attr-defined]
    days = [1]

    assert row(days) == "1"
    days.append(2)
    assert row(days) == "1 2"
