.PHONY: up test check demo train bench

up: ## install what is missing, then start the house
	@python3 scripts/bootstrap.py platform engine consoles model judges
	@.venv/bin/kefu up

test: ## install what tests need, then run them
	@python3 scripts/bootstrap.py platform engine consoles model judges browser
	@.venv/bin/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder
	@cd bot/engine && .venv/bin/python -W ignore -m pytest -q -n 2 -W ignore tests
	@cd consoles && PATH="$(CURDIR)/.cache/node/bin:$$PATH" npm test --silent

check: ## lint, types, import contracts, the front-ends' types
	@python3 scripts/bootstrap.py platform engine consoles
	@.venv/bin/ruff format --check . && .venv/bin/ruff check . && .venv/bin/mypy && .venv/bin/lint-imports
	@cd bot/engine && ../../.venv/bin/mypy
	@cd consoles && PATH="$(CURDIR)/.cache/node/bin:$$PATH" npm run check --silent

demo: ## fill the house with people and conversations
	@python3 scripts/bootstrap.py platform
	@.venv/bin/kefu demo

train: ## train the bot anew from data/training
	@python3 scripts/bootstrap.py platform engine
	@.venv/bin/kefu bot train

bench: ## speed and memory of every part, the chat's beside vanilla Rasa
	@python3 scripts/bootstrap.py platform engine model judges
	@.venv/bin/kefu bench all
