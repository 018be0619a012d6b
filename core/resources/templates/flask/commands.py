from functools import wraps

import click


def with_appcontext(function: Callable[..., Any]) -> Callable[..., Any]:
    """Makes the application of the command in progress the current one."""

    @wraps(function)
    def within(*args: Any, **options: Any) -> Any:
        if has_app_context():
            return function(*args, **options)
        root: Any = click.get_current_context().find_root().command
        with AppContext(root.app):
            return function(*args, **options)

    return within


class AppGroup(click.Group):
    """Commands that run with their application as the current one."""

    def command(self, *args: Any, **options: Any) -> Any:
        needs = options.pop("with_appcontext", True)
        made: Any = super().command(*args, **options)
        return lambda function: made(with_appcontext(function) if needs else function)

    def group(self, *args: Any, **options: Any) -> Any:
        return super().group(*args, **{"cls": AppGroup, **options})


class _Commands(AppGroup):
    def __init__(self, app: Any) -> None:
        super().__init__()
        self.app = app


_commands: Dict[Any, _Commands] = {}


def commands(app: Any) -> AppGroup:
    """The commands of an application; a module beside this one runs them."""
    if app not in _commands:
        _commands[app] = _Commands(app)
    return _commands[app]
