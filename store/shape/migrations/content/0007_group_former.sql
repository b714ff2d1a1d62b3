-- What a group was called before: procedures go on finding it by those names.
ALTER TABLE user_group ADD COLUMN former TEXT NOT NULL DEFAULT '[]';
