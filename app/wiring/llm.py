"""The large language model, for those rooms that can use one."""

from app.config import Settings
from language.llm import OpenAiCompatible


def open_llm(settings: Settings) -> OpenAiCompatible | None:
    """The one at the configured URL; None when there is none."""
    if not settings.llm_url:
        return None
    key = settings.llm_key.get_secret_value()
    return OpenAiCompatible(settings.llm_url, settings.llm_model, key, hides=settings.llm_hides)
