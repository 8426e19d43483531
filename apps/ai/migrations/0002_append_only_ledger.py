"""The ledger of model calls only grows: a trigger refuses updates and deletes.

Erasing a person keeps what a call cost and forgets whose it was.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ai_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('eduplatform.erasing', true) = 'on'
       AND NEW.user_id IS NULL
       AND to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ai_modelcall_append_only BEFORE UPDATE OR DELETE ON ai_modelcall
    FOR EACH ROW EXECUTE FUNCTION ai_refuse_change();
"""
BACKWARD = """
DROP TRIGGER ai_modelcall_append_only ON ai_modelcall;
DROP FUNCTION ai_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ai", "0001_ledger_and_credits")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
