extension Schema {
    /// What comes into streaming jobs, and what of it was refused.
    static let streamTables = """
        CREATE TABLE stream (
            job INTEGER PRIMARY KEY REFERENCES job (id) ON DELETE CASCADE, queue TEXT, subscription TEXT, opened INTEGER NOT NULL,
            last_input INTEGER NOT NULL, checked INTEGER NOT NULL, duplicates INTEGER NOT NULL DEFAULT 0,
            dropped INTEGER NOT NULL DEFAULT 0, is_idle INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE stream_object (
            job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE, id TEXT NOT NULL, number INTEGER NOT NULL,
            received INTEGER NOT NULL, warning TEXT, PRIMARY KEY (job, id)) WITHOUT ROWID;
        CREATE INDEX stream_object_number ON stream_object (job, number);
        CREATE TABLE stream_rejection (
            number INTEGER PRIMARY KEY, job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE, message TEXT NOT NULL,
            reason TEXT NOT NULL, body TEXT NOT NULL, received INTEGER NOT NULL, UNIQUE (job, message));
        CREATE TABLE watched_file (
            job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE, name TEXT NOT NULL, version TEXT NOT NULL,
            seen INTEGER NOT NULL, lines INTEGER NOT NULL, is_settled INTEGER NOT NULL, PRIMARY KEY (job, name)) WITHOUT ROWID;
        """
}
