"""Alembic runs this: migrations use the connection that app.migrations.upgrade opened."""

from alembic import context

from app.migrations import METADATA, of_ours

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    include_object=of_ours,
)
with context.begin_transaction():
    context.run_migrations()
