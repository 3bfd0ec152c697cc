extension Schema {
    /// Who is told of finished objects, and what is still to be told. A target without a job is told of all jobs.
    ///
    /// A notice comes into being with the end of its object, in the same transaction, whoever ends it.
    static let noticeTables = """
        CREATE TABLE notice_target (
            job INTEGER REFERENCES job (id) ON DELETE CASCADE, target TEXT NOT NULL, UNIQUE (job, target));
        CREATE TABLE notice (
            id INTEGER PRIMARY KEY, job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE, number INTEGER NOT NULL,
            target TEXT NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, next INTEGER NOT NULL DEFAULT 0,
            is_dead INTEGER NOT NULL DEFAULT 0, error TEXT, UNIQUE (job, number, target));
        CREATE INDEX notice_next ON notice (next) WHERE is_dead = 0;
        CREATE TRIGGER object_finished AFTER UPDATE OF state ON object
            WHEN NEW.state IN (\(ObjectState.labeled.rawValue), \(ObjectState.failed.rawValue))
                AND OLD.state NOT IN (\(ObjectState.labeled.rawValue), \(ObjectState.failed.rawValue))
            BEGIN
                INSERT OR IGNORE INTO notice (job, number, target)
                SELECT NEW.job, NEW.number, target FROM notice_target WHERE job = NEW.job OR job IS NULL;
            END;
        """
}
