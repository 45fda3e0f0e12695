.PHONY: up test check

up: ## install what is missing, then start the house
	@python3 scripts/bootstrap.py platform
	@.venv/bin/kefu serve

test: ## install what tests need, then run them
	@python3 scripts/bootstrap.py platform
	@.venv/bin/python -m pytest

check: ## lint, types, import contracts
	@python3 scripts/bootstrap.py platform
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports
