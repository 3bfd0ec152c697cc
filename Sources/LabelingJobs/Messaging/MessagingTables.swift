extension Schema {
    /// Topics and queues that this program serves itself. A message's `visible` is when it may be handed out, or handed out again.
    static let messagingTables = """
        CREATE TABLE topic (arn TEXT PRIMARY KEY) WITHOUT ROWID;
        CREATE TABLE subscription (
            arn TEXT PRIMARY KEY, topic TEXT NOT NULL REFERENCES topic (arn) ON DELETE CASCADE, queue TEXT NOT NULL, raw INTEGER NOT NULL,
            UNIQUE (topic, queue)) WITHOUT ROWID;
        CREATE TABLE queue (
            name TEXT PRIMARY KEY, arn TEXT NOT NULL UNIQUE, attributes TEXT NOT NULL, created INTEGER NOT NULL,
            modified INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE message (
            id INTEGER PRIMARY KEY, queue TEXT NOT NULL REFERENCES queue (name) ON DELETE CASCADE, uuid TEXT NOT NULL, body TEXT NOT NULL,
            sent INTEGER NOT NULL, visible INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0, received INTEGER, handle TEXT UNIQUE);
        CREATE INDEX message_visible ON message (queue, visible, id);
        CREATE INDEX message_sent ON message (queue, sent);
        """

    /// What a raw subscription hands over beside the message: ``MessageAttribute``s as JSON.
    static let messageAttributes = "ALTER TABLE message ADD COLUMN attributes TEXT;"
}
