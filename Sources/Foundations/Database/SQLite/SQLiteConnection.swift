internal import CSQLite
import Synchronization
import Telemetry

/// One connection with its prepared statements. One thread uses it at a time: SQLite's own locks are off.
@safe final class SQLiteConnection {
    enum Access { case readWrite, readOnly }

    /// Kept statements of the interpolated kind; the fixed kind has slots of its own.
    private static let keptTextsMax = 256
    /// Instructions between two looks at the clock: some tens of microseconds.
    private static let instructionsPerCheck: Int32 = 4000
    /// A bound value larger than this is not kept until the statement's next use.
    static let keptBindingSize = 1024

    let handle: OpaquePointer
    let dialect = Dialect.sqlite
    private let clock: @Sendable (TenantID?) -> Instant
    private let observer: (@Sendable (String) -> Void)?
    private let slowStatements: SlowStatements?
    /// When the statement that runs was first seen to take some time; 0: it was not yet.
    private var startOfSlow: Int64 = 0

    private var fixed: [PreparedStatement?] = []
    private var byText: [String: PreparedStatement] = [:]
    private var uses: UInt64 = 0

    /// Goes up when a reader or transaction ends, so that one kept beyond its closure is refused.
    private(set) var scope = 0
    private var moments: [(tenant: TenantID?, now: Instant)] = []
    var notes = TransactionNotes()
    var search = SearchBuffer()
    var keptValues: [SQLValue] = []
    /// The log holds what was deleted so that nobody reads it any more.
    var isLogToBeEmptied = false
    var cache: SQLiteCache

    /// Pages in the log after the last commit of this connection.
    fileprivate(set) var logFrames = 0
    /// Commits that wrote something.
    private(set) var commits = 0
    private var schemaChanges: Int64 = 0
    private var whenCommitted: () -> Void = {}

    /// The time that statements may run; the clock starts at the first look at it, so short reads never ask
    /// it.
    var timeLimit: Duration?
    private var startOfLimit: Int64 = 0
    /// Set by another thread to stop what runs.
    let isInterrupted = Atomic<Bool>(false)

    init(
        path: String, _ access: Access, cacheKilobytes: Int, isImmutable: Bool = false,
        gathersLog: Bool = false,
        clock: @escaping @Sendable (TenantID?) -> Instant, observer: (@Sendable (String) -> Void)? = nil,
        slowStatements: SlowStatements? = nil
    ) throws(DatabaseError) {
        try SQLiteLibrary.configure()
        (self.clock, cache) = (clock, SQLiteCache(kilobytes: cacheKilobytes))
        self.observer = observer
        self.slowStatements = slowStatements
        var opened: OpaquePointer?
        var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE
        flags |= access == .readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        if isImmutable { flags |= SQLITE_OPEN_URI }
        let name = isImmutable ? "file:\(percentEncoded(path))?immutable=1" : path
        let code = unsafe sqlite3_open_v2(
            name, &opened, flags, gathersLog ? SQLiteLibrary.gathering : nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            let message =
                unsafe opened.map { unsafe String(cString: sqlite3_errmsg($0)) } ?? "out of memory"
            unsafe sqlite3_close_v2(opened)
            throw SQLiteLibrary.failure(code, message: message, statement: "opening the file")
        }
        unsafe handle = opened
        unsafe sqlite3_extended_result_codes(handle, 1)
        unsafe sqlite3_busy_timeout(handle, 1000)
        unsafe _ = bureau_sqlite_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1)
        unsafe _ = bureau_sqlite_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
        unsafe _ = bureau_sqlite_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1)
        // Plans must not change with the values that happen to be bound.
        unsafe _ = bureau_sqlite_db_config(handle, SQLITE_DBCONFIG_ENABLE_QPSG, 1)
        // Double-quoted text is a column's name, never silently a string.
        unsafe _ = bureau_sqlite_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0)
        unsafe _ = bureau_sqlite_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0)
        // The log is copied only where it cannot begin anew meanwhile: see SQLiteCopier.
        unsafe _ = bureau_sqlite_db_config(
            handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, access == .readOnly ? 1 : 0)
        let me = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe sqlite3_progress_handler(handle, Self.instructionsPerCheck, mustStop, me)
        try execute("PRAGMA cache_size = -\(cacheKilobytes)")
        try execute("PRAGMA mmap_size = 0")
        try execute("PRAGMA temp_store = MEMORY")
        if access == .readOnly { try execute("PRAGMA query_only = ON") }
    }

    deinit { close() }

    private var isClosed = false

    /// Finalizes the statements and closes. A second call does nothing.
    func close() {
        guard !isClosed else { return }
        isClosed = true
        fixed.removeAll()
        byText.removeAll()
        unsafe sqlite3_close_v2(handle)
    }

    // MARK: Scope and time

    /// Ends the life of every reader and transaction made so far.
    func endScope() {
        scope &+= 1
        moments.removeAll(keepingCapacity: true)
        notes.forget()
    }

    /// Returns the time for a tenant: the same instant throughout a scope.
    func now(_ tenant: TenantID?) -> Instant {
        for moment in moments where moment.tenant == tenant { return moment.now }
        let now = clock(tenant)
        moments.append((tenant, now))
        return now
    }

    /// A fresh reading, for a transaction that begins.
    func currentTime(_ tenant: TenantID?) -> Instant { clock(tenant) }

    func limitTime(to limit: Duration?) {
        timeLimit = limit
        startOfLimit = 0
    }

    fileprivate var isOverTime: Bool {
        if isInterrupted.load(ordering: .relaxed) { return true }
        if startOfSlow == 0 { startOfSlow = monotonicNanoseconds() }
        guard let timeLimit else { return false }
        let now = monotonicNanoseconds()
        if startOfLimit == 0 {
            startOfLimit = now
            return false
        }
        return .nanoseconds(now - startOfLimit) > timeLimit
    }

    /// Learns the log's length at each commit. In SQLite's place for the automatic checkpoint, which would
    /// run inside a commit.
    func hookLog(whenCommitted: @escaping () -> Void) {
        self.whenCommitted = whenCommitted
        unsafe _ = sqlite3_wal_hook(handle, noteLogFrames, Unmanaged.passUnretained(self).toOpaque())
    }

    fileprivate func note(logFrames frames: Int) {
        logFrames = frames
        commits &+= 1
        whenCommitted()
    }

    // MARK: Statements

    func prepared(_ statement: Statement) throws(DatabaseError) -> PreparedStatement {
        if statement.index < fixed.count, let found = fixed[statement.index] {
            return found.isBusy ? try prepare(statement.text) : found
        }
        let made = try prepare(statement.text)
        if fixed.count <= statement.index {
            fixed.append(contentsOf: repeatElement(nil, count: statement.index + 1 - fixed.count))
        }
        fixed[statement.index] = made
        return made
    }

    func prepared(_ text: String) throws(DatabaseError) -> PreparedStatement {
        uses &+= 1
        if let found = byText[text] {
            found.lastUse = uses
            // A statement that runs inside its own row callback gets a copy for once.
            return found.isBusy ? try prepare(text) : found
        }
        let made = try prepare(text)
        made.lastUse = uses
        if byText.count >= Self.keptTextsMax,
            let oldest = byText.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            byText[oldest.key] = nil
        }
        byText[text] = made
        return made
    }

    /// The number of interpolated statements that are kept. For tests.
    var keptTexts: Int { byText.count }

    private func prepare(_ text: String) throws(DatabaseError) -> PreparedStatement {
        observer?(text)
        var made: OpaquePointer?
        var hasMore = false
        var copy = text
        let code = copy.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                var rest: UnsafePointer<CChar>?
                let code = unsafe sqlite3_prepare_v3(
                    handle, characters.baseAddress, Int32(characters.count),
                    UInt32(SQLITE_PREPARE_PERSISTENT),
                    &made, &rest)
                if let rest = unsafe rest, let base = characters.baseAddress {
                    let remaining = unsafe characters[(rest - base)...]
                    hasMore = unsafe remaining.contains { !" \n\t;".utf8.contains(UInt8(bitPattern: $0)) }
                }
                return code
            }
        }
        guard code == SQLITE_OK else { throw failure(code, text, didCompile: false) }
        guard let made = unsafe made else { throw .invalid("no statement in: \(text)") }
        let prepared = try unsafe PreparedStatement(made, text)
        guard !hasMore else { throw .invalid("more than one statement in: \(text)") }
        return prepared
    }

    /// Runs a statement that gives no row we want.
    func execute(_ text: String) throws(DatabaseError) {
        var rest: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(handle, text, -1, &rest, nil)
        defer { unsafe sqlite3_finalize(rest) }
        guard code == SQLITE_OK else { throw failure(code, text, didCompile: false) }
        while true {
            switch unsafe sqlite3_step(rest) {
            case SQLITE_ROW: continue
            case SQLITE_DONE: return
            case let code: throw failure(code, text)
            }
        }
    }

    /// Runs one of the writer's own statements from the cache.
    func control(_ statement: Statement) throws(DatabaseError) {
        let prepared = try prepared(statement)
        let code = unsafe sqlite3_step(prepared.handle)
        let error = code == SQLITE_DONE || code == SQLITE_ROW ? nil : failure(code, statement.text)
        unsafe sqlite3_reset(prepared.handle)
        if let error { throw error }
    }

    /// Binds, steps and hands each row to `row` until it returns false. A statement that writes is always
    /// stepped to its end, where immediate foreign keys are checked.
    func run(
        _ prepared: PreparedStatement, _ values: [SQLValue], _ row: (Row) throws -> Bool
    ) throws {
        try bind(values, to: prepared)
        prepared.isBusy = true
        let outerStart = startOfSlow
        startOfSlow = 0
        defer {
            noteTime(of: prepared, outerStart)
            unsafe sqlite3_reset(prepared.handle)
            prepared.isBusy = false
            if prepared.holdsLargeValue { prepared.clearBindings() }
        }
        let current = unsafe Row(engine: .sqlite(prepared.handle))
        var wantsMore = true
        while true {
            let code = unsafe sqlite3_step(prepared.handle)
            switch code {
            case SQLITE_ROW:
                if wantsMore { wantsMore = try row(current) }
                if !wantsMore, prepared.isReadOnly { return }
            case SQLITE_DONE: return
            default: throw failure(code, prepared.text)
            }
        }
    }

    /// Runs a statement for its effect; the number of rows inserted, updated or deleted.
    func change(_ prepared: PreparedStatement, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        try bind(values, to: prepared)
        return try change(prepared)
    }

    /// Does so with the values that are bound.
    func change(_ prepared: PreparedStatement) throws(DatabaseError) -> Int {
        let outerStart = startOfSlow
        startOfSlow = 0
        defer { noteTime(of: prepared, outerStart) }
        var code = unsafe sqlite3_step(prepared.handle)
        while code == SQLITE_ROW { code = unsafe sqlite3_step(prepared.handle) }
        let error = code == SQLITE_DONE ? nil : failure(code, prepared.text)
        unsafe sqlite3_reset(prepared.handle)
        if prepared.holdsLargeValue { prepared.clearBindings() }
        if let error { throw error }
        if prepared.changesSchema { schemaChanges += 1 }
        // sqlite3_changes keeps its value across statements that change nothing.
        return prepared.isReadOnly ? 0 : Int(unsafe sqlite3_changes64(handle))
    }

    /// A statement has ended; `outer`: since when the one is slow, if any, in whose rows it ran.
    private func noteTime(of prepared: PreparedStatement, _ outer: Int64) {
        if startOfSlow != 0 {
            slowStatements?.note(prepared.text, nanoseconds: monotonicNanoseconds() - startOfSlow)
        }
        startOfSlow = outer
    }

    private func bind(_ values: [SQLValue], to prepared: PreparedStatement) throws(DatabaseError) {
        guard values.count == prepared.parameterCount else {
            throw .invalid(
                "\(values.count) values for \(prepared.parameterCount) parameters in: \(prepared.text)")
        }
        for number in 0..<values.count {
            let code = prepared.bind(values[number], to: number)
            guard code == SQLITE_OK else { throw failure(code, prepared.text) }
        }
    }

    // MARK: State

    /// False inside a transaction; true also after SQLite rolled one back by itself.
    var isAutocommit: Bool { unsafe sqlite3_get_autocommit(handle) != 0 }

    /// Whether rows wait for a row that they refer to, as deferred foreign keys allow until the commit.
    var hasUnresolvedForeignKeys: Bool {
        var current: Int32 = 0
        var highest: Int32 = 0
        unsafe sqlite3_db_status(handle, SQLITE_DBSTATUS_DEFERRED_FKS, &current, &highest, 0)
        return current != 0
    }

    /// The identity of the last row that was inserted.
    var lastIdentity: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Rows and parts of the schema that were changed since the connection was opened.
    var totalChanges: Int64 { unsafe sqlite3_total_changes64(handle) + schemaChanges }

    enum CheckpointMode { case passive, restart, truncate }

    /// Copies the log into the file. The writer's thread only.
    func checkpoint(_ mode: CheckpointMode) throws(DatabaseError) {
        var frames: Int32 = 0
        var copied: Int32 = 0
        let number =
            switch mode {
            case .passive: SQLITE_CHECKPOINT_PASSIVE
            case .restart: SQLITE_CHECKPOINT_RESTART
            case .truncate: SQLITE_CHECKPOINT_TRUNCATE
            }
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, number, &frames, &copied)
        guard code == SQLITE_OK else { throw failure(code, "a checkpoint") }
        logFrames = mode == .passive ? Int(frames) : 0
    }

    func setBusyTimeout(milliseconds: Int32) { unsafe _ = sqlite3_busy_timeout(handle, milliseconds) }

    func failure(_ code: Int32, _ statement: String, didCompile: Bool = true) -> DatabaseError {
        if code & 0xFF == SQLITE_INTERRUPT, isInterrupted.load(ordering: .relaxed) {
            return .unavailable(.closed)
        }
        return SQLiteLibrary.failure(
            code, message: unsafe String(cString: sqlite3_errmsg(handle)), statement: statement,
            didCompile: didCompile)
    }
}

private func mustStop(_ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context = unsafe context else { return 0 }
    return unsafe Unmanaged<SQLiteConnection>.fromOpaque(context)._withUnsafeGuaranteedRef {
        $0.isOverTime ? 1 : 0
    }
}

private func noteLogFrames(
    _ context: UnsafeMutableRawPointer?, _: OpaquePointer?, _: UnsafePointer<CChar>?, _ frames: Int32
) -> Int32 {
    guard let context = unsafe context else { return SQLITE_OK }
    unsafe Unmanaged<SQLiteConnection>.fromOpaque(context)._withUnsafeGuaranteedRef {
        $0.note(logFrames: Int(frames))
    }
    return SQLITE_OK
}

private func percentEncoded(_ path: String) -> String {
    var result = ""
    for byte in path.utf8 {
        switch byte {
        case UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "%"), 0...0x20, 0x7F...:
            let hex = String(byte, radix: 16)
            result += "%" + (hex.count < 2 ? "0" : "") + hex
        default: result.unicodeScalars.append(Unicode.Scalar(byte))
        }
    }
    return result
}
