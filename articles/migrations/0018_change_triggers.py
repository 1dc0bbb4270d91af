"""The triggers that write the log of changes (articles.models.change_log), as they are from this version on.

A database made before this migration has them already, set up after each `migrate`; they are made anew. Altering the
articles' table on SQLite makes another table and forgets its triggers: a later migration that does so calls `install`
of this one again.
"""

from django.db import migrations

NAMES = ("articles_log_insert", "articles_log_update", "articles_log_delete")

POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION articles_log_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO articles_change (article_id, transaction, made_at)
    SELECT fresh.id, pg_current_xact_id()::text::bigint, statement_timestamp() FROM fresh;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER articles_log_insert AFTER INSERT ON articles_article REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION articles_log_insert()
""",
    """
CREATE OR REPLACE FUNCTION articles_log_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO articles_change (article_id, transaction, made_at)
    SELECT fresh.id, pg_current_xact_id()::text::bigint, statement_timestamp()
    FROM fresh JOIN stale USING (id)
    WHERE fresh.version <> stale.version OR fresh.public_at IS DISTINCT FROM stale.public_at;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER articles_log_update AFTER UPDATE ON articles_article
REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION articles_log_update()
""",
    """
CREATE OR REPLACE FUNCTION articles_log_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO articles_change (article_id, transaction, made_at)
    SELECT stale.id, pg_current_xact_id()::text::bigint, statement_timestamp() FROM stale;
    RETURN NULL;
END $$
""",
    """
CREATE OR REPLACE TRIGGER articles_log_delete AFTER DELETE ON articles_article REFERENCING OLD TABLE AS stale
FOR EACH STATEMENT EXECUTE FUNCTION articles_log_delete()
""",
)
SQLITE = (
    """
CREATE TRIGGER articles_log_insert AFTER INSERT ON articles_article
BEGIN
    INSERT INTO articles_change (article_id, "transaction", made_at)
    VALUES (NEW.id, 0, strftime('%Y-%m-%d %H:%M:%f', 'now'));
END
""",
    """
CREATE TRIGGER articles_log_update AFTER UPDATE ON articles_article
WHEN NEW.version <> OLD.version OR NEW.public_at IS NOT OLD.public_at
BEGIN
    INSERT INTO articles_change (article_id, "transaction", made_at)
    VALUES (NEW.id, 0, strftime('%Y-%m-%d %H:%M:%f', 'now'));
END
""",
    """
CREATE TRIGGER articles_log_delete AFTER DELETE ON articles_article
BEGIN
    INSERT INTO articles_change (article_id, "transaction", made_at)
    VALUES (OLD.id, 0, strftime('%Y-%m-%d %H:%M:%f', 'now'));
END
""",
)
# While there were no triggers any article may have changed: each is written down, so that followers read it again.
EVERY_ARTICLE = {
    "postgresql": """
INSERT INTO articles_change (article_id, transaction, made_at)
SELECT id, pg_current_xact_id()::text::bigint, statement_timestamp() FROM articles_article ORDER BY id
""",
    "sqlite": """
INSERT INTO articles_change (article_id, "transaction", made_at)
SELECT id, 0, strftime('%Y-%m-%d %H:%M:%f', 'now') FROM articles_article ORDER BY id
""",
}
PRESENT = {
    "postgresql": "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'articles_article'::regclass"
    " AND tgname IN ('articles_log_insert', 'articles_log_update', 'articles_log_delete') AND tgenabled <> 'D'",
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'articles_article'"
    " AND lower(name) IN ('articles_log_insert', 'articles_log_update', 'articles_log_delete')",
}


def install(apps, schema_editor):
    """Make the triggers, and write every article down if one of them was not there."""
    vendor = schema_editor.connection.vendor
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(PRESENT[vendor])
        is_complete = cursor.fetchone()[0] == len(NAMES)
    remove(apps, schema_editor)
    for statement in POSTGRESQL if vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement, params=None)
    if not is_complete:
        schema_editor.execute(EVERY_ARTICLE[vendor], params=None)


def remove(apps, schema_editor):
    on = " ON articles_article" if schema_editor.connection.vendor == "postgresql" else ""
    for name in NAMES:
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{on}", params=None)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0017_namesake"),
    ]

    operations = [
        migrations.RunPython(install, remove),
    ]
