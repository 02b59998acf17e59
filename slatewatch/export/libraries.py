"""Libraries that only some formats need: loaded when asked for, and missed in words that say what to do."""

from __future__ import annotations

import importlib
from types import ModuleType

from slatewatch.errors import SlatewatchError


def library(name: str) -> ModuleType:
    """The module of this name. Raises SlatewatchError where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise SlatewatchError(
            f"this needs {package}, which is not installed: pip install 'slatewatch[exports]'"
        ) from error
