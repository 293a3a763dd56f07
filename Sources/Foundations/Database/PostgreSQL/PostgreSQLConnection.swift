internal import CPostgreSQL
import Synchronization
import Telemetry

/// One connection to a server with its prepared statements. One thread uses it at a time.
///
/// Unchecked: it goes from thread to thread with the pool that owns it, and only `interrupt` is called beside its
/// user, with what libpq made for that.
@safe final class PostgreSQLConnection: @unchecked Sendable {
    /// On whose behalf statements run: the policies of row level security are theirs.
    enum Role: Int {
        /// The server's own role, which sees the rows of the tenant that is set.
        case tenant
        /// Sees every tenant's rows.
        case acrossTenants
    }

    /// Kept statements of the interpolated kind, for each role; the fixed kind has slots of its own.
    private static let keptTextsMax = 256

    private let handle: OpaquePointer
    private let cancel: OpaquePointer?
    private let configuration: DatabaseConfiguration
    private let catalog: PostgreSQLCatalog

    private var role = Role.tenant
    private var fixed: [[PreparedText?]] = [[], []]
    private var byText: [[String: PreparedText]] = [[:], [:]]
    private var returningIdentity: [Int: String] = [:]
    private var statements = 0
    private var uses: UInt64 = 0

    /// Goes up when a reader or transaction ends, so that one kept beyond its closure is refused.
    private(set) var scope = 0
    private var moments: [(tenant: TenantID?, now: Instant)] = []
    var notes = TransactionNotes()
    /// The text that begins the transaction, sent with the first statement that needs it.
    private var beginning: String?
    private var deadline: Int64?
    /// The error for which the server gave the transaction up; gone with it.
    private(set) var failure: DatabaseError?
    /// The transaction met another one, or an older schema: run again, it may succeed.
    private(set) var mayRunAgain = false
    private(set) var metUniqueViolation = false
    /// The server has answered something since the transaction began.
    private(set) var hasAnswered = false
    /// Known to be of no use any more, even where the library has not noticed yet.
    private var isLost = false
    let isInterrupted = Atomic<Bool>(false)

    /// Connects, which blocks. Throws `.unavailable(.unreachable)`.
    init(_ configuration: DatabaseConfiguration, _ catalog: PostgreSQLCatalog) throws(DatabaseError) {
        (self.configuration, self.catalog) = (configuration, catalog)
        // The keywords before `dbname` are defaults that the connection string may override.
        let server = configuration.server ?? ""
        let keywords = [
            "connect_timeout", "keepalives_idle", "tcp_user_timeout", "sslmode", "dbname", "client_encoding",
            "fallback_application_name",
        ]
        let values = ["5", "30", "20000", Self.encryption(of: server), server, "UTF8", "bureau"]
        let opened = unsafe withCStrings(keywords) { keywords in
            unsafe withCStrings(values) { values in unsafe PQconnectdbParams(keywords, values, 1) }
        }
        guard let opened = unsafe opened else { throw .unavailable(.outOfMemory) }
        guard unsafe bureau_pg_is_connected(opened) != 0 else {
            let message = unsafe String(cString: PQerrorMessage(opened)).onOneLine
            unsafe PQfinish(opened)
            throw .unavailable(.unreachable(message))
        }
        unsafe handle = opened
        unsafe cancel = PQgetCancel(opened)
        unsafe PQsetNoticeProcessor(opened, { _, _ in }, nil)
        // A transaction whose process hangs must not keep its locks for ever.
        try command(
            """
            SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '20s'; SET jit = off;
            SET enable_seqscan = off
            """)
    }

    deinit {
        unsafe PQfreeCancel(cancel)
        unsafe PQfinish(handle)
    }

    var isConnected: Bool { unsafe !isLost && bureau_pg_is_connected(handle) != 0 }
    var isEncrypted: Bool { unsafe bureau_pg_is_encrypted(handle) != 0 }
    /// The error that befell the transaction, where it ended with the connection.
    var loss: DatabaseError? { isConnected ? nil : failure }
    /// Outside any transaction, as a connection goes back to its pool.
    var isIdle: Bool { unsafe bureau_pg_is_idle(handle) != 0 }
    var processID: Int32 { unsafe PQbackendPID(handle) }

    /// Stops what runs. From any thread, while the connection is alive.
    func interrupt() {
        isInterrupted.store(true, ordering: .relaxed)
        var reason = [CChar](repeating: 0, count: 256)
        unsafe _ = PQcancel(cancel, &reason, Int32(reason.count))
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
        let now = configuration.clock(tenant)
        moments.append((tenant, now))
        return now
    }

    /// A fresh reading, for a transaction that begins.
    func currentTime(_ tenant: TenantID?) -> Instant { configuration.clock(tenant) }

    // MARK: Transactions

    /// Sets what the next statement begins with; nothing goes to the server before it.
    func begin(_ text: String, as role: Role, deadline: Duration? = nil) {
        (beginning, self.role, failure, mayRunAgain, metUniqueViolation) = (text, role, nil, false, false)
        hasAnswered = false
        self.deadline = deadline.map { monotonicNanoseconds() + $0.nanoseconds }
    }

    var hasBegun: Bool { beginning == nil }

    /// Inside a transaction that only a rollback can end.
    var hasFailed: Bool { unsafe bureau_pg_has_failed(handle) != 0 }

    private func start() throws(DatabaseError) {
        guard let text = beginning else { return }
        beginning = nil
        try command(text)
        hasAnswered = true
    }

    /// Statements without parameters in one message; their rows are not wanted.
    func command(_ text: String) throws(DatabaseError) {
        guard let result = unsafe PQexec(handle, text) else { throw lost(text) }
        defer { unsafe PQclear(result) }
        if unsafe bureau_pg_succeeded(result) == 0 { throw unsafe note(result, text) }
    }

    /// Ends a transaction without its changes; a connection that cannot is closed by its pool.
    func rollBack(_ text: String = "ROLLBACK") {
        beginning = nil
        try? command(text)
    }

    /// Statements like those of a savepoint, which begin the transaction, too.
    func control(_ text: String) throws(DatabaseError) {
        try start()
        try command(text)
    }

    /// After the rollback to a savepoint, what went wrong behind it is over; but not what calls for a new start.
    func forgetFailure() { if !mayRunAgain { failure = nil } }

    // MARK: Statements

    func rows(_ text: String, _ values: [SQLValue], _ row: (Row) throws -> Bool) throws {
        try deliver(execute(text, values), row)
    }

    func rows(_ statement: Statement, _ values: [SQLValue], _ row: (Row) throws -> Bool) throws {
        try deliver(execute(statement, values), row)
    }

    func change(_ text: String, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        try execute(text, values).changedRows
    }

    func change(_ statement: Statement, _ values: [SQLValue]) throws(DatabaseError) -> Int {
        try execute(statement, values).changedRows
    }

    /// Inserts one row into a table with the identity column `row`, and gives its number.
    func insert(_ statement: Statement, _ values: [SQLValue]) throws(DatabaseError) -> Int64 {
        let text = returningIdentity[statement.index] ?? statement.text + " RETURNING row"
        returningIdentity[statement.index] = text
        return try execute(text, values).int64(0)
    }

    private func deliver(_ result: PostgreSQLResult, _ row: (Row) throws -> Bool) throws {
        let current = unsafe Row(engine: .postgreSQL(Unmanaged.passUnretained(result)))
        try withExtendedLifetime(result) {
            for index in 0..<result.rowCount {
                result.row = index
                guard try row(current) else { return }
            }
        }
    }

    func execute(_ statement: Statement, _ values: [SQLValue]) throws(DatabaseError) -> PostgreSQLResult {
        let kept = fixed[role.rawValue]
        if statement.index < kept.count, let found = kept[statement.index] {
            return try execute(found, values)
        }
        let made = PreparedText(statement.text)
        let missing = statement.index + 1 - kept.count
        if missing > 0 { fixed[role.rawValue].append(contentsOf: repeatElement(nil, count: missing)) }
        fixed[role.rawValue][statement.index] = made
        return try execute(made, values)
    }

    func execute(_ text: String, _ values: [SQLValue]) throws(DatabaseError) -> PostgreSQLResult {
        uses &+= 1
        if let found = byText[role.rawValue][text] {
            found.lastUse = uses
            return try execute(found, values)
        }
        let made = PreparedText(text)
        made.lastUse = uses
        if byText[role.rawValue].count >= Self.keptTextsMax,
            let oldest = byText[role.rawValue].min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            byText[role.rawValue][oldest.key] = nil
            for form in oldest.value.forms where !hasFailed { try command("DEALLOCATE \(form.name)") }
        }
        byText[role.rawValue][text] = made
        return try execute(made, values)
    }

    /// The number of interpolated statements that are kept. For tests.
    var keptTexts: Int { byText[role.rawValue].count }

    private func execute(_ text: PreparedText, _ values: [SQLValue]) throws(DatabaseError) -> PostgreSQLResult
    {
        if isInterrupted.load(ordering: .relaxed) { throw .unavailable(.closed) }
        if let failure, hasFailed || !isConnected { throw failure }
        if let deadline, monotonicNanoseconds() > deadline { throw .tooSlow }
        try start()
        let form: PreparedText.Form
        if let known = text.forms.first(where: { $0.takes(values) }) {
            form = known
        } else {
            form = try prepare(text, values)
        }
        guard form.types.count == values.count else {
            throw .invalid("\(values.count) values for \(form.types.count) parameters in: \(text.text)")
        }
        let parameters = PostgreSQLParameters(values), start = monotonicNanoseconds()
        let result = unsafe parameters.withPointers { pointers, lengths, formats in
            unsafe PQexecPrepared(handle, form.name, Int32(values.count), pointers, lengths, formats, 1)
        }
        configuration.slowStatements.note(text.text, nanoseconds: monotonicNanoseconds() - start)
        guard let result = unsafe result else { throw lost(text.text) }
        guard unsafe bureau_pg_succeeded(result) != 0 else {
            defer { unsafe PQclear(result) }
            throw unsafe note(result, text.text)
        }
        return unsafe PostgreSQLResult(result)
    }

    /// A null says nothing of its type, so the server is asked what it took it for: the next value may be another.
    private func prepare(
        _ text: PreparedText, _ values: [SQLValue]
    ) throws(DatabaseError) -> PreparedText.Form {
        configuration.statementObserver?(text.text)
        let types = values.map {
            text.typesOfNull ? $0.typeID ?? PostgreSQLResult.TypeID.text : $0.typeID ?? 0
        }
        statements += 1
        let name = "s\(statements)"
        guard
            let result = unsafe PQprepare(
                handle, name, Dialect.postgreSQL.translated(query: text.text), Int32(types.count), types)
        else { throw lost(text.text) }
        defer { unsafe PQclear(result) }
        guard unsafe bureau_pg_succeeded(result) != 0 else {
            let error = unsafe note(result, text.text)
            // The server cannot tell a null's type where it is only compared with null: then it is a text.
            if unsafe state(result) == "42P18", !text.typesOfNull {
                (text.typesOfNull, mayRunAgain) = (true, true)
            }
            throw error
        }
        guard let description = unsafe PQdescribePrepared(handle, name) else { throw lost(text.text) }
        defer { unsafe PQclear(description) }
        guard unsafe bureau_pg_succeeded(description) != 0 else { throw unsafe note(description, text.text) }
        let known = unsafe (0..<PQnparams(description)).map { unsafe PQparamtype(description, $0) }
        let form = PreparedText.Form(name: name, types: known)
        text.forms.append(form)
        return form
    }

    // MARK: Failures

    private func state(_ result: OpaquePointer) -> String {
        unsafe bureau_pg_sql_state(result).map { unsafe String(cString: $0) } ?? ""
    }

    /// The error that a result stands for. The first one of a transaction is the one that ended it.
    private func note(_ result: OpaquePointer, _ statement: String) -> DatabaseError {
        func field(_ pointer: UnsafePointer<CChar>?) -> String {
            unsafe pointer.map { unsafe String(cString: $0) } ?? ""
        }
        // Without a state the words are the library's own: the server has not answered. It says so of a connection that
        // it could not write to while the server's last words still wait to be read, and takes it for a good one.
        guard isConnected, unsafe !state(result).isEmpty else { return lost(statement) }
        let fault = unsafe PostgreSQLFault(
            state: state(result), message: field(bureau_pg_message(result)),
            table: field(bureau_pg_table(result)),
            column: field(bureau_pg_column(result)), constraint: field(bureau_pg_constraint(result)))
        if fault.isOfOlderSchema { forgetStatements() }
        mayRunAgain = mayRunAgain || fault.mayRunAgain
        if fault.state == "23505" { metUniqueViolation = true }
        let error =
            isInterrupted.load(ordering: .relaxed) && fault.state == "57014"
            ? .unavailable(.closed) : fault.error(statement, catalog)
        failure = failure ?? error
        return error
    }

    private func lost(_ statement: String) -> DatabaseError {
        isLost = true
        let error = DatabaseError.unavailable(
            isInterrupted.load(ordering: .relaxed)
                ? .closed : .unreachable(unsafe String(cString: PQerrorMessage(handle)).onOneLine))
        failure = failure ?? error
        return error
    }

    private func forgetStatements() {
        (fixed, byText) = ([[], []], [[:], [:]])
    }

    // MARK: Notifications

    /// Waits for notifications on a connection that listens, at most so long; `nil` when it is lost.
    func notifications(atMost milliseconds: Int32) -> [(processID: Int32, payload: String)]? {
        guard waitForInput(unsafe PQsocket(handle), milliseconds), unsafe PQconsumeInput(handle) == 1 else {
            return isConnected ? [] : nil
        }
        var found: [(Int32, String)] = []
        while let notification = unsafe PQnotifies(handle) {
            unsafe found.append((notification.pointee.be_pid, String(cString: notification.pointee.extra)))
            unsafe PQfreemem(notification)
        }
        return found
    }
}

extension String {
    fileprivate var onOneLine: String { split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}

/// The strings as C's array of pointers that ends with a null.
private func withCStrings<T>(
    _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T
) -> T {
    let bytes = strings.map { Array($0.utf8CString) }
    var offsets: [Int] = [], all: [CChar] = []
    for string in bytes {
        offsets.append(all.count)
        all += string
    }
    return unsafe all.withUnsafeBufferPointer { buffer in
        var pointers = unsafe offsets.map { offset in unsafe buffer.baseAddress.map { unsafe $0 + offset } }
        unsafe pointers.append(nil)
        return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
    }
}
