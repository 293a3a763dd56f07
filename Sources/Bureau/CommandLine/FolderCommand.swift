internal import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Telemetry

/// A command on a data folder. It works where the folder is open: in the server that holds it, or here.
protocol FolderCommand: Command {
    /// The work; its result as `--json` prints it.
    func work(_ app: App, _ call: FolderCall) async throws -> JSON
    /// The result for people.
    func text(_ result: JSON, _ terminal: Terminal) -> String
    /// The exit status that the result means.
    func status(_ result: JSON) -> Int32
    /// Whether the command sets up what is missing: the folder, its database and its key. Others create none of it.
    static var setsUp: Bool { get }
    /// Returns the command's result where the installation cannot be opened; throws what `failure` says where the
    /// command has no result for that.
    func result(of failure: CommandFailure) throws -> JSON
    /// Asks for what is missing, where the user is.
    static func complete(_ values: [ParsedValue], _ session: CommandSession) throws -> [ParsedValue]
}

extension FolderCommand {
    func status(_ result: JSON) -> Int32 { 0 }
    static var setsUp: Bool { false }
    func result(of failure: CommandFailure) throws -> JSON { throw failure }
    static func complete(_ values: [ParsedValue], _ session: CommandSession) throws -> [ParsedValue] {
        values
    }

    func run(_ session: CommandSession) async throws {
        let configuration = try session.configuration()
        let values = try Self.complete(session.values, session)
        let bar = ProgressBar(session)
        let result = try await FolderWork(configuration, session, values).result { bar.show($0) }
        bar.clear()
        session.show(result, text(result, session.terminal))
        if case let status = status(result), status != 0 { throw CommandExit(status: status) }
    }
}

/// The progress of long work.
struct Progress: Equatable, Sendable {
    var done: Int
    var total: Int?
    var unit: String

    /// From 0 to 1, where the end is known.
    var share: Double? { total.map { $0 > 0 ? min(1, Double(done) / Double($0)) : 1 } }

    var json: JSON { ["done": JSON(done), "total": JSON(total), "unit": .string(unit)] }

    init(done: Int, total: Int?, unit: String) { (self.done, self.total, self.unit) = (done, total, unit) }

    init?(_ json: JSON) {
        guard let done = json["done"]?.int, let unit = json["unit"]?.text else { return nil }
        self.init(done: Int(done), total: json["total"]?.int.map { Int($0) }, unit: unit)
    }
}

/// One piece of work on an open folder: whose it is, and where its progress goes.
struct FolderCall: Sendable {
    /// The folder that paths are relative to.
    let workingFolder: String
    /// The folder was opened for this work alone: nobody else does its jobs.
    let isAlone: Bool
    let report: @Sendable (Progress) -> Void

    func path(_ path: String) -> String { absolute(path, in: workingFolder) }

    /// Runs `body` while somebody works on jobs: the server's workers, or some for this time.
    func whileWorking<T: Sendable>(_ app: App, _ body: () async throws -> T) async throws -> T {
        guard isAlone else { return try await body() }
        let runner = Runner(app.runtime)
        let work = Task { await runner.run() }
        let result: Result<T, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        let halt = Task { await runner.drain(deadline: .seconds(10)) }
        await work.value
        halt.cancel()
        return try result.get()
    }
}

/// Gets a command done: by the server that holds the folder, or else here.
struct FolderWork: Sendable {
    /// The longest wait for another process that holds the folder and does not answer.
    private static let patience: Duration = .seconds(15)

    private let configuration: Configuration
    private let session: CommandSession
    private let values: [ParsedValue]

    init(_ configuration: Configuration, _ session: CommandSession, _ values: [ParsedValue]) {
        (self.configuration, self.session, self.values) = (configuration, session, values)
    }

    func result(_ report: @escaping @Sendable (Progress) -> Void) async throws -> JSON {
        let command = try session.entry.make(values)
        guard let command = command as? any FolderCommand else {
            throw CommandFailure("\(session.entry.name) does not work on a data folder")
        }
        let end = systemSteadyClock() + Self.patience
        while true {
            let request = FolderRequest(
                command: session.entry.words, values: values, folder: session.surroundings.workingFolder)
            if let answer = try await FolderSocket.ask(configuration.data, request, report) { return answer }
            do {
                return try await alone(command, report)
            } catch let error as DatabaseError {
                // Another command holds the folder for a moment, or a server is about to listen.
                guard case .inUse = error, systemSteadyClock() < end else {
                    return try command.result(of: CommandFailure(error))
                }
                await pause(.milliseconds(100))
            } catch let failure as CommandFailure {
                return try command.result(of: failure)
            }
        }
    }

    private func alone(
        _ command: any FolderCommand, _ report: @escaping @Sendable (Progress) -> Void
    ) async throws -> JSON {
        if !type(of: command).setsUp { try configuration.requireInstallation() }
        let app = try App(configuration, log: Log(level: .error, format: .human, hasAccessLines: false))
        defer { app.close() }
        app.database.describeOwner("running bureau \(session.entry.name)")
        let call = FolderCall(
            workingFolder: session.surroundings.workingFolder, isAlone: true, report: report)
        return try await command.work(app, call)
    }
}

/// A line that shows how far it is, on a terminal. Elsewhere nothing.
final class ProgressBar: Sendable {
    private static let width = 30
    private let isShown: Bool

    init(_ session: CommandSession) {
        isShown = session.terminal.isErrorInteractive && !session.common.isJSON
    }

    func show(_ progress: Progress) {
        guard isShown else { return }
        Terminal.write("\r\u{1B}[K" + Self.line(progress), to: 2)
    }

    func clear() { if isShown { Terminal.write("\r\u{1B}[K", to: 2) } }

    static func line(_ progress: Progress) -> String {
        guard let share = progress.share else { return "\(progress.done) \(progress.unit)" }
        let filled = Int((share * Double(width)).rounded(.down))
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        return "\(bar) \(Int(share * 100)) %  \(progress.done) \(progress.unit)"
    }
}

extension Configuration {
    /// Throws where nothing has been set up yet, and changes nothing.
    func requireInstallation() throws {
        let serve = "bureau serve --data \(data) sets it up."
        guard isFolder(data) else { throw CommandFailure("the data folder \(data) does not exist", serve) }
        if isOnServer {
            let database = try Database.open(self.database())
            defer { database.close() }
            guard try !database.appliedMigrations().isEmpty else {
                throw CommandFailure("the database on the server is empty", serve)
            }
        } else if !isFile(data + "/bureau.db") {
            throw CommandFailure("the data folder \(data) has no database", serve)
        }
    }
}
