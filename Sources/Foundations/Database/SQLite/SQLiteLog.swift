import Telemetry

/// The upkeep of the write-ahead log, and of the planner's statistics.
///
/// Unchecked: used by whoever has the writer's turn.
final class SQLiteLog: @unchecked Sendable {
    /// The longest wait of a checkpoint for the readers in the log to end; they are short, so it is hardly
    /// reached.
    private static let patience_milliseconds: Int32 = 20
    /// After a checkpoint that failed; twice as long after each that follows it, for a long read may be in the log.
    private static let retryTime = Duration.milliseconds(250), retryTimeMax = Duration.seconds(1)
    /// Rows changed, after which statistics are renewed at the next quiet moment.
    private static let changesPerAnalysis: Int64 = 50_000

    private let connection: SQLiteConnection
    private let configuration: DatabaseConfiguration
    private let readers: SQLiteReaders
    private let copier: SQLiteCopier
    var mayHoldNews = true
    private var nextCheckpoint: Int64 = 0, retryTime = SQLiteLog.retryTime
    private var framesAtCheckpoint = 0, framesSeen = 0
    private var changesAtAnalysis: Int64 = 0

    init(
        _ connection: SQLiteConnection, path: String, _ configuration: DatabaseConfiguration,
        _ readers: SQLiteReaders, whenLost: @escaping @Sendable (DatabaseError) -> Void
    ) {
        (self.connection, self.configuration, self.readers) = (connection, configuration, readers)
        copier = SQLiteCopier(path: path, configuration, whenLost: whenLost)
    }

    /// Where commits follow one another, a log that grows so much longer takes fewer checkpoints, and fewer pages for
    /// each commit: those that are written again and again are copied once.
    private static let busyFactor = 4

    /// First the copier copies what is there, then the writer what has come meanwhile. When this did not make the log
    /// start anew, because readers that overlap kept it, the next time waits a moment for those in it: else the log
    /// would grow for as long as they come.
    func checkpointWhenLarge(isBusy: Bool = false) {
        guard isCheckpointDue(isBusy: isBusy), copier.hasCopied() else { return }
        let start = monotonicNanoseconds()
        do {
            if framesAtCheckpoint > 0 {
                try restart(waiting: Self.patience_milliseconds)
            } else {
                try readers.lettingGo { () throws(DatabaseError) in try connection.checkpoint(.passive) }
            }
            framesAtCheckpoint = connection.logFrames
            retryTime = Self.retryTime
        } catch {
            nextCheckpoint = start + retryTime.nanoseconds
            retryTime = min(retryTime * 2, Self.retryTimeMax)
        }
        configuration.observer.checkpointed(
            connection.logFrames, .nanoseconds(monotonicNanoseconds() - start))
    }

    func isCheckpointDue(isBusy: Bool) -> Bool {
        let frames = connection.logFrames
        if frames <= framesAtCheckpoint { framesAtCheckpoint = 0 }
        if frames < framesSeen { copier.forget() }
        framesSeen = frames
        return frames > configuration.checkpointFrames * (isBusy ? Self.busyFactor : 1)
            && frames - framesAtCheckpoint > configuration.checkpointFrames / 4
            && monotonicNanoseconds() >= nextCheckpoint
    }

    /// Copies the whole log, so that it begins anew, and renews the statistics when much has changed.
    func useQuietTime() {
        guard !copier.isAtWork else { return }
        if connection.totalChanges - changesAtAnalysis > Self.changesPerAnalysis { renewStatistics() }
        do {
            // Not emptied unless it holds what must not be left: a commit that makes the file grow waits longer for the
            // disk.
            if connection.isLogToBeEmptied {
                try restart(.truncate, waiting: Self.patience_milliseconds)
                connection.isLogToBeEmptied = false
            } else {
                try restart(waiting: 0)
            }
            mayHoldNews = false
            copier.forget()
            configuration.observer.checkpointed(0, .zero)
        } catch {
            // A reader is in the log, or the disk is full: the next quiet moment comes.
        }
    }

    func close() { copier.close() }

    private func restart(
        _ mode: SQLiteConnection.CheckpointMode = .restart, waiting milliseconds: Int32
    ) throws(DatabaseError) {
        connection.setBusyTimeout(milliseconds: milliseconds)
        defer { connection.setBusyTimeout(milliseconds: 1000) }
        try readers.lettingGo { () throws(DatabaseError) in try connection.checkpoint(mode) }
    }

    private func renewStatistics() {
        do {
            try SQLiteStatistics.renew(connection)
            changesAtAnalysis = connection.totalChanges
        } catch {
            if !connection.isAutocommit { try? connection.control(SQLiteWriter.rollback) }
            configuration.observer.commitFailed(error)
        }
    }
}
