"""Settings, from the environment (KEFU_…) or a .env file."""

import secrets
from pathlib import Path
from typing import Final

import re2
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from channels.rules import SECRET_BYTES

ROOT: Final = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Everything has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="KEFU_", env_file=".env", extra="ignore")

    var: Path = Field(default=Path("var"), description="where everything that is written at run time goes")
    database_url: str = Field(default="", description="postgresql+asyncpg://…; empty is SQLite in var")
    redis_url: str = Field(default="", description="redis://…; empty keeps signals in the process")
    secret: SecretStr = Field(default=SecretStr(""), description="signs sessions; empty is made once and kept in var")
    host: str = "127.0.0.1"
    port: int = 8000
    company: Path = Field(default=ROOT / "data/seed/company.toml", description="sites, groups and office hours")
    engine_urls: tuple[str, ...] = Field(default=(), description="JSON list of workers that others run; empty: our own")
    workers: int = Field(default=0, ge=0, le=64, description="engine workers of our own; 0 is one per core")
    model: Path | None = Field(default=None, description="the trained model they serve; none: the demo's, in var")
    shop_url: str = Field(default="", description="the business system the bot's actions ask; empty: the demo shop")
    llm_url: str = Field(
        default="", description="any OpenAI-compatible server, for drafts and answers; empty: none is asked"
    )
    llm_model: str = "default"
    llm_key: SecretStr = SecretStr("")
    llm_hides: tuple[str, ...] = Field(
        default=(),
        description="JSON list of what it is not told beside personal data (RE2, lower case): order numbers …",
    )
    embedding_url: str = Field(
        default="", description="any server of OpenAI's /embeddings, for search by meaning; empty: our own table"
    )
    embedding_model: str = "default"
    embedding_key: SecretStr = SecretStr("")
    vision_url: str = Field(
        default="", description="looks at customers' pictures (docs/engine.md, Pictures); empty: people do"
    )
    vision_key: SecretStr = SecretStr("")
    guides: Path = Field(default=ROOT / "data/guides/shop.yml", description="business processes for agents")
    webhooks_to_private: bool = Field(default=False, description="let webhooks reach addresses that are not public")

    address_header: str = Field(
        default="", description="header in which your proxy tells the client's address, such as X-Real-IP; empty: none"
    )
    widget_limit: int = Field(
        default=600, ge=0, description="widgets that one address may open in a minute, and visits it may tell; 0: any"
    )

    public_url: str = Field(default="", description="where people reach the desk; empty: http://host:port")
    smtp_url: SecretStr = Field(
        default=SecretStr(""), description="smtp://, smtp+starttls:// or smtps://user:password@host; empty: no mail"
    )
    oidc_issuer: str = Field(default="", description="https://…: staff may also sign in there (OpenID Connect)")
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_name: str = Field(default="SSO", description="what the button says")
    oidc_new_role: str = Field(default="", description="role of people whom nobody knows here; empty lets none in")
    mail_from: str = Field(default="", description="the sender of invitations: kefu <kefu@company.example>")

    imap_url: SecretStr = Field(
        default=SecretStr(""),
        description="imaps://user:password@host/INBOX: mail there becomes tickets; also imap:// and imap+starttls://",
    )
    ticket_mail: str = Field(
        default="", description="where customers write: support@host, or support+{ticket}@host if it takes such"
    )

    @field_validator("secret")
    @classmethod
    def _long_enough(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value().encode()) < SECRET_BYTES:
            raise ValueError(f"at least {SECRET_BYTES} bytes, or empty")
        return secret

    @field_validator("llm_hides")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            try:
                if re2.compile(pattern).search(""):
                    raise ValueError(f"{pattern!r} hides nothing at all")
            except re2.error as error:
                raise ValueError(f"{pattern!r} is no pattern: {error}") from error
        return patterns

    def desk_address(self) -> str:
        """Where links in mail lead to."""
        return self.public_url or f"http://{self.host}:{self.port}"

    def model_path(self) -> Path:
        """The engine's model, which may not be trained yet."""
        return self.model or self.var / "models" / "demo.tar.gz"

    def models_path(self) -> Path:
        """Quality's models, which may not be trained yet."""
        return self.var / "models" / "quality"

    def database(self) -> str:
        """The database's SQLAlchemy URL."""
        return self.database_url or f"sqlite+aiosqlite:///{self.var / 'kefu.db'}"

    def signing_key(self) -> str:
        """The secret; the one kept in var when none is set, so that a restart signs nobody out."""
        if given := self.secret.get_secret_value():
            return given
        kept = self.var / "secret"
        if not kept.exists():
            self.var.mkdir(parents=True, exist_ok=True)
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_urlsafe(48))
        return kept.read_text()
