-- A project belongs to somebody: whoever made it, as the audit has it, unless the
-- account is gone.
ALTER TABLE project ADD COLUMN owner TEXT REFERENCES user (id) ON DELETE SET NULL;
UPDATE project SET owner = (
  SELECT u.id FROM audit a JOIN user u ON u.id = a.actor WHERE a.object = 'project:' || project.id AND a.action = 'project.create'
);
CREATE INDEX project_owner ON project (owner);
