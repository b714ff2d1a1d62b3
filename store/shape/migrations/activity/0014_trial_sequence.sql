-- Which publication that catalogue is of: the server that has the latest one tries the next.
ALTER TABLE trial ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
