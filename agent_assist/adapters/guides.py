"""Guides from YAML."""

from pathlib import Path
from typing import Final

import yaml
from pydantic import TypeAdapter, ValidationError

from agent_assist.rules.guides import Guide

_GUIDES: Final = TypeAdapter(tuple[Guide, ...])


class BadGuides(ValueError):
    """The file cannot be read; the message says where and why."""


def read_guides(path: Path) -> tuple[Guide, ...]:
    """All guides of a file (docs/assist.md). Raises BadGuides with the field at fault."""
    try:
        told = yaml.safe_load(path.read_text("utf-8")) or {}
        return _GUIDES.validate_python(told["guides"])
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise BadGuides(f"{path}: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise BadGuides(f"{path}: guides.{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
