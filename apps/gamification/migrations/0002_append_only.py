"""The log only grows: a trigger refuses everything but the erasure of a person.

The table is new, so nothing waits for a lock.
"""

from django.db import migrations

TRIGGER = """
CREATE FUNCTION gamification_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('eduplatform.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER gamification_act_append_only BEFORE UPDATE OR DELETE ON gamification_act
    FOR EACH ROW EXECUTE FUNCTION gamification_refuse_change();
"""
NO_TRIGGER = """
DROP TRIGGER gamification_act_append_only ON gamification_act;
DROP FUNCTION gamification_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("gamification", "0001_habit")]

    operations = [migrations.RunSQL(TRIGGER, NO_TRIGGER)]
