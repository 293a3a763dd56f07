package import Telemetry

/// The settings with which a database is opened. The defaults are the measured ones; tests change the limits.
package struct DatabaseConfiguration: Sendable {
    /// The data folder; created with mode 0700 when it is not there.
    package var folder: String
    /// The connection string of a PostgreSQL server (`postgresql://…`), whose database is used; `nil` for a file in
    /// the folder.
    package var server: String?
    /// Identifies the program, and so what its migrations say; `nil` where that is not known, and each start compares
    /// them with those applied.
    package var program: String?
    /// Gives `now` to readers and transactions: a tenant's clock, or for `nil` the installation's.
    package var clock: @Sendable (TenantID?) -> Instant
    /// The observer that feeds the metrics and the log.
    package var observer = DatabaseObserver()
    /// Gets the text of each statement when a connection first prepares it. For tests of the SQL policy.
    package var statementObserver: (@Sendable (String) -> Void)?

    /// The list in which statements that take long are noted.
    package let slowStatements = SlowStatements()
    /// The memory of reading connections, as it is adjusted.
    package let memory = DatabaseMemory()

    /// Transactions at once on a server.
    package var writerConnections = 8
    /// Reads at once on a server; more wait.
    package var readerConnections = 16
    /// Whether every write closure is run, undone and run again, as a server may demand at any time; for tests.
    package var repeatsClosures = false

    /// Whether the thread that opens the file reads on the writer's connection, as long as nobody writes: one that
    /// reads at the start alone need not read the schema, and keep it, a second time. Its reads must not wait for
    /// writes.
    package var openerReadsOnWriter = false

    /// Waiting writes of each priority; one more is refused as `.unavailable(.queueFull)`.
    package var queueLimit = 10_000
    /// Closures in one commit.
    package var groupLimit = 256
    /// Closures run no longer than this before the commit; what is left over goes into the next one.
    package var groupTimeLimit = Duration.milliseconds(20)
    /// Closures of batches run no longer than this before the commit, as long as no request waits: they gain from large
    /// commits.
    package var batchGroupTimeLimit = Duration.milliseconds(100)
    /// The time a read may take when its caller gave no deadline.
    package var readTimeLimit = Duration.seconds(10)
    /// The page cache of each reading connection, and the one that the writer begins with.
    package var cacheKilobytes = 8192
    /// The writer's largest, which it grows to by need: a large commit's changed pages that do not fit are written more
    /// than once.
    package var writerCacheKilobytes = 32_768
    /// The log is copied into the database file above this many pages of 4 KB; a few times as many while requests wait.
    package var checkpointFrames = 4000
    /// Quiet time after which the whole log is copied and statistics are renewed.
    package var idleTime = Duration.seconds(1)
    /// A request's closure that takes longer is reported as slow.
    package var slowClosureTime = Duration.milliseconds(20)

    package init(
        folder: String, clock: @escaping @Sendable (TenantID?) -> Instant = { _ in .wallClock() }
    ) {
        self.folder = folder
        self.clock = clock
    }
}

/// Called by the threads that write: each closure must be quick and must not write.
package struct DatabaseObserver: Sendable {
    /// The time one write closure took, whether it threw or not.
    package var closureRan: @Sendable (WritePriority, Duration) -> Void = { _, _ in }
    /// A closure of priority `.request` took longer than it may: the function that submitted it, and the
    /// time.
    package var closureWasSlow: @Sendable (StaticString, Duration) -> Void = { _, _ in }
    /// A commit succeeded: how many closures it held, how long the group took from its begin to its answer, and how
    /// many pages the log holds now. A log that keeps growing means that a reader never lets go.
    package var committed: @Sendable (_ closures: Int, _ time: Duration, _ logFrames: Int) -> Void = {
        _, _, _ in
    }
    /// The log was brought to the disk, for one commit or for some; how long that took.
    package var flushed: @Sendable (Duration) -> Void = { _ in }
    /// A commit failed, and every closure in it.
    package var commitFailed: @Sendable (DatabaseError) -> Void = { _ in }
    /// The log was copied into the file: pages that are still in the log, and how long it took.
    package var checkpointed: @Sendable (_ logFrames: Int, _ time: Duration) -> Void = { _, _ in }

    package init() {}
}

/// Requests, for which somebody waits, go before batches; some batches go into every few commits
/// nevertheless.
package enum WritePriority: Sendable {
    case request
    case batch
    /// A batch whose caller does not wait for the disk: it is there with the next commit of another priority, or
    /// soon. The end of the process loses nothing of it. A power cut may lose the last of them, never an earlier
    /// one without those after it: for work that can be done again from where it stands.
    case lazy
    /// A request whose caller does not wait for the disk either, as far as the closure has nothing to do when its
    /// commit is durable: what it tells others of is always there.
    case early

    var isRequest: Bool { self == .request || self == .early }
    var waitsForDisk: Bool { self == .request || self == .batch }
}

/// The degree to which a write across tenants sees others that are made at the same time on a server. A file has one
/// writer, so it makes no difference there.
package enum WriteIsolation: Sendable {
    /// As if it were alone among its like; run again when it was not. A tenant's own writes, which come one at a
    /// time, meet it where both change the same row.
    case serializable
    /// While no other writes. For those that tell tenants of something: a tenant's events and its audit are numbered in
    /// the order of the tenant's writes, among which one across tenants has no place of its own.
    case alone
    /// Each statement sees what has been committed before it. For those that lock the rows which they decide by.
    case readCommitted
}
