import GRDB

/// The tables, and how an older store becomes a newer one. Times are milliseconds since 1970, UTC; documents are JSON text.
enum Schema {
    /// Goes up with every change of the tables. `PRAGMA user_version` holds it.
    static let version = 4

    /// Brings a store up to date.
    ///
    /// - Throws: ``JobError`` `.storeTooNew`: what a newer version keeps must not be lost by an older one.
    static func migrate(_ database: Database) throws {
        let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard found <= version else {
            throw JobError(
                .storeTooNew, "the job store has schema \(found), this version of prelabel knows \(version): use a newer prelabel")
        }
        if found < 1 { try database.execute(sql: jobTables + teamTables + messagingTables + streamTables + noticeTables) }
        if found < 2 { try database.execute(sql: objectCounts + narrowIndexes) }
        if found < 3 { try database.execute(sql: messageAttributes) }
        if found < 4 { try database.execute(sql: forgotten) }
        try database.execute(sql: "PRAGMA user_version = \(version)")
    }

    private static let jobTables = """
        CREATE TABLE job (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE, arn TEXT NOT NULL, status TEXT NOT NULL,
            request TEXT NOT NULL, workteam TEXT NOT NULL, task_seconds INTEGER NOT NULL, availability_seconds INTEGER NOT NULL,
            categories TEXT, created INTEGER NOT NULL, modified INTEGER NOT NULL, failure TEXT, iteration INTEGER NOT NULL DEFAULT 0,
            written INTEGER NOT NULL DEFAULT 0, dirty INTEGER NOT NULL DEFAULT 1, revised INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX job_status ON job (status);
        CREATE TABLE object (
            job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE, number INTEGER NOT NULL, line TEXT NOT NULL,
            state INTEGER NOT NULL, iteration INTEGER NOT NULL DEFAULT 0, wanted INTEGER NOT NULL DEFAULT 0,
            open INTEGER NOT NULL DEFAULT 0, input TEXT, text_sha256 TEXT, available INTEGER, output TEXT, failure TEXT,
            PRIMARY KEY (job, number)) WITHOUT ROWID;
        CREATE INDEX object_state ON object (job, state);
        CREATE INDEX object_open ON object (job, number) WHERE open > 0;
        CREATE TABLE task (
            job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE, number INTEGER NOT NULL, worker TEXT NOT NULL,
            state INTEGER NOT NULL, accepted INTEGER NOT NULL, expires INTEGER NOT NULL, submitted INTEGER, answer TEXT, draft TEXT,
            PRIMARY KEY (job, number, worker)) WITHOUT ROWID;
        CREATE INDEX task_lease ON task (state, expires);
        CREATE INDEX task_worker ON task (worker, state);
        CREATE TABLE answer_version (
            job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE, number INTEGER NOT NULL, worker TEXT NOT NULL,
            submitted INTEGER NOT NULL, answer TEXT NOT NULL);
        CREATE TABLE decision (
            job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE, number INTEGER NOT NULL, start INTEGER NOT NULL,
            end INTEGER NOT NULL, choice TEXT NOT NULL, decided INTEGER NOT NULL, PRIMARY KEY (job, number, start)) WITHOUT ROWID;
        CREATE INDEX answer_version_task ON answer_version (job, number, worker);
        """

    private static let teamTables = """
        CREATE TABLE team (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE, arn TEXT NOT NULL, request TEXT NOT NULL,
            created INTEGER NOT NULL, modified INTEGER NOT NULL);
        CREATE TABLE worker (
            id TEXT PRIMARY KEY, mail TEXT UNIQUE, secret BLOB NOT NULL, created INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE member (
            team INTEGER NOT NULL REFERENCES team (id) ON DELETE CASCADE, worker TEXT NOT NULL REFERENCES worker (id) ON DELETE CASCADE,
            PRIMARY KEY (team, worker)) WITHOUT ROWID;
        CREATE TABLE setting (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE tag (arn TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (arn, key)) WITHOUT ROWID;
        """

    /// Workers to be taken out of the outputs once more.
    private static let forgotten = "CREATE TABLE forgotten (worker TEXT PRIMARY KEY) WITHOUT ROWID;"

    /// SQLite has no figures of the tables to choose by: an index of all tasks by state looked to it as good as the primary key.
    private static let narrowIndexes = """
        CREATE INDEX member_worker ON member (worker);
        DROP INDEX task_lease;
        CREATE INDEX task_lease ON task (job, expires) WHERE state = \(TaskState.accepted.rawValue);
        """

    /// Objects of a job by state, kept by triggers whoever changes an object, and begun with what is there.
    private static let objectCounts = """
        CREATE TABLE object_count (
            job INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE, state INTEGER NOT NULL, count INTEGER NOT NULL,
            PRIMARY KEY (job, state)) WITHOUT ROWID;
        INSERT INTO object_count SELECT job, state, count(*) FROM object GROUP BY job, state;
        CREATE TRIGGER object_inserted AFTER INSERT ON object BEGIN
            INSERT INTO object_count VALUES (new.job, new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
        END;
        CREATE TRIGGER object_deleted AFTER DELETE ON object BEGIN
            UPDATE object_count SET count = count - 1 WHERE job = old.job AND state = old.state;
        END;
        CREATE TRIGGER object_moved AFTER UPDATE OF state ON object WHEN new.state <> old.state BEGIN
            UPDATE object_count SET count = count - 1 WHERE job = old.job AND state = old.state;
            INSERT INTO object_count VALUES (new.job, new.state, 1) ON CONFLICT DO UPDATE SET count = count + 1;
        END;
        """
}
