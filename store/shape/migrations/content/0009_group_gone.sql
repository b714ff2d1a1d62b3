-- Names that groups had which are gone from a domain. Another group takes none of
-- them as long as something is written for it there: it would open to that group.
CREATE TABLE group_gone (
  domain   TEXT NOT NULL REFERENCES domain (id),
  name     TEXT NOT NULL,
  group_id TEXT NOT NULL, -- which had it, and may have it again
  PRIMARY KEY (domain, name)
) STRICT, WITHOUT ROWID;

-- Those that are gone already, as the audit has them.
INSERT OR IGNORE INTO group_gone (domain, name, group_id)
SELECT DISTINCT d.id, json_extract(n.detail, '$.Name'), substr(g.object, 7)
FROM audit g
JOIN audit n ON n.object = g.object AND n.action IN ('group.create', 'group.save')
JOIN audit p ON p.object = g.object AND p.action IN ('group.create', 'group.attach')
JOIN domain d ON d.id IN (json_extract(p.detail, '$.Domain'), json_extract(p.detail, '$.domain'))
WHERE g.action = 'group.delete' AND json_extract(n.detail, '$.Name') <> ''
  AND NOT EXISTS (
    SELECT 1 FROM group_domain t JOIN user_group u ON u.id = t.group_id
    WHERE t.domain = d.id AND json_extract(n.detail, '$.Name') IN (SELECT u.name UNION ALL SELECT value FROM json_each(u.former))
  );
