"""Templates that evaluate constant calls when they are compiled.

`_("Save")`, `url_path_for("show_today")`, `icon("plus")`: a page has dozens of calls whose
arguments are all constants, and each costs more at run time than the text it returns. The syntax
stays that of any call. Each language has an environment of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jinja2 import Environment, Template, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Context
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

Pure = Callable[..., str]
Keep = Callable[[Callable[..., Markup]], Callable[..., Markup]]


class FoldedTemplate(Template):
    """A template of an environment whose globals are the same for every page."""

    def _get_default_module(self, ctx: Context | None = None) -> TemplateModule:
        """Make the module for imports once, ignoring globals that a page may have added.

        Private to Jinja, which compares all globals at each import: a fifteenth of Today's time.
        """
        if self._module is None:
            module = self.make_module()
            assert isinstance(self.environment, FoldingEnvironment)
            for macro, keep in self.environment.keepers.get(self.name or "", {}).items():
                setattr(module, macro, keep(getattr(module, macro)))
            self._module = module
        return self._module


class FoldingEnvironment(Environment):
    """An environment that knows which functions and macros depend only on their arguments."""

    template_class = FoldedTemplate

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.pure: dict[str, Pure] = {}
        # By template and macro: how markup is kept.
        self.keepers: dict[str, dict[str, Keep]] = {}

    def prepare(self, names: Iterable[str]) -> None:
        """Make the templates that every page imports."""
        for name in names:
            template = self.get_template(name)
            assert isinstance(template, FoldedTemplate)
            template._get_default_module()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed: nodes.Template = _Folder(self.pure).visit(super()._parse(source, name, filename))
        return parsed


class _Folder(NodeTransformer):
    """Replaces each call with constants by its result."""

    def __init__(self, pure: Mapping[str, Pure]) -> None:
        self.pure = pure

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        """Return the call, or the constant that it evaluates to."""
        self.generic_visit(node)
        if not isinstance(node.node, nodes.Name) or node.node.name not in self.pure:
            return node
        given, named = node.args, node.kwargs
        constants = [*given, *(pair.value for pair in named)]
        is_spread = node.dyn_args is not None or node.dyn_kwargs is not None
        if is_spread or not all(isinstance(each, nodes.Const) for each in constants):
            return node
        result = self.pure[node.node.name](
            *(each.as_const() for each in given),
            **{pair.key: pair.value.as_const() for pair in named},
        )
        return nodes.Const(result, lineno=node.lineno, environment=node.environment)
