"""The prerequisite graph of a course has no cycles and no edges to another course, whoever writes it.

Writers of one course's graph take turns: what a statement of the trigger reads was committed before
it or is its own. All new edges of a statement are checked at once.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION learning_check_graph() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('learning_graph'), courses.course_id::int)
       FROM (SELECT DISTINCT course_id FROM written ORDER BY course_id) AS courses;
    IF EXISTS (
        SELECT 1 FROM written
          JOIN learning_concept AS concept
            ON concept.id IN (written.advanced_id, written.prerequisite_id)
         WHERE concept.course_id <> written.course_id
    ) THEN
        RAISE EXCEPTION 'a prerequisite of another course'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prerequisite_of_the_course';
    END IF;
    IF EXISTS (
        WITH RECURSIVE needed(origin, concept) AS (
            SELECT advanced_id, prerequisite_id FROM written
             UNION
            SELECT needed.origin, edge.prerequisite_id
              FROM needed JOIN learning_prerequisite AS edge ON edge.advanced_id = needed.concept
        )
        SELECT 1 FROM needed WHERE origin = concept
    ) THEN
        RAISE EXCEPTION 'a circle of prerequisites'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prerequisite_without_circles';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER learning_prerequisite_added AFTER INSERT ON learning_prerequisite
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION learning_check_graph();
CREATE TRIGGER learning_prerequisite_changed AFTER UPDATE ON learning_prerequisite
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION learning_check_graph();
"""
BACKWARD = """
DROP TRIGGER learning_prerequisite_changed ON learning_prerequisite;
DROP TRIGGER learning_prerequisite_added ON learning_prerequisite;
DROP FUNCTION learning_check_graph();
"""


class Migration(migrations.Migration):
    dependencies = [("learning", "0008_concepts_and_evidence")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
