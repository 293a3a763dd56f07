import Foundation
import Glibc
import JSON
import StandIns
import Synchronization
import TestDatabases
import Testing

/// The real binary, serving on a free port of this machine from a data folder of its own.
final class BureauProcess: Sendable {
    private struct State {
        var pid: pid_t = 0
        var port = 0
        /// Its output since it was started, and before.
        var log = "", earlier = ""
    }

    /// The data folder.
    let folder: String
    /// The folder that goes with the process; `nil` when the data folder is another's.
    private let place: String?
    let environment: [String: String]
    /// The arguments of the binary.
    private let command: String
    /// The database that goes with the process, when the tests run on a server.
    let database: String?
    private let state = Mutex(State())

    /// The server of suites whose tests make agencies of their own, and leave it running. There are two, as each writes
    /// by one thread: the tests of a file share one.
    static var shared: BureauProcess {
        let file = Test.current?.sourceLocation.fileName ?? ""
        return file.utf8.reduce(0) { $0 + Int($1) }.isMultiple(of: 2) ? first : second
    }
    private static let first = try! BureauProcess.start()
    private static let second = try! BureauProcess.start()

    /// `settings` are configuration keys with their values: `["signup.mode": "closed"]`; `variables`, others of the
    /// environment.
    ///
    /// A process of its own database; with `beside`, one that shares another's.
    init(
        _ settings: [String: String] = [:], command: String = "serve", folder: String? = nil,
        beside other: BureauProcess? = nil, variables: [String: String] = [:]
    ) {
        self.command = command
        place = folder == nil ? NSTemporaryDirectory() + "bureau-scenario-" + UUID().uuidString : nil
        self.folder = folder ?? "\(place ?? "")/data"
        if let place {
            try? FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        }
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BUREAU_") }
        var values = Self.settings.merging(settings, uniquingKeysWith: { $1 })
        database = other == nil && folder == nil ? Self.makeDatabase() : nil
        if let url = database ?? other?.environment["BUREAU_DATABASE_URL"] { values["database.url"] = url }
        for (key, value) in values {
            environment["BUREAU_" + key.uppercased().replacingOccurrences(of: ".", with: "_")] = value
        }
        environment.merge(variables) { $1 }
        self.environment = environment
        livingProcesses.withLock { $0.append(Weak(process: self)) }
    }

    static func start(
        _ settings: [String: String] = [:], folder: String? = nil, variables: [String: String] = [:]
    ) throws -> BureauProcess {
        let process = BureauProcess(settings, folder: folder, variables: variables)
        let isUsual = folder == nil && variables.isEmpty && settings["master_key"] == nil
        if isUsual, process.database == nil { try process.copy(Self.firstStart.get()) }
        try process.start()
        return process
    }

    /// The data folder of a server that has started once: its tables are most of a first start's work.
    private static let firstStart = Result {
        let process = BureauProcess()
        try process.start()
        process.stop()
        return process
    }

    private func copy(_ other: BureauProcess) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        for file in ["bureau.db", "master.key"] {
            try FileManager.default.copyItem(atPath: "\(other.folder)/\(file)", toPath: "\(folder)/\(file)")
        }
    }

    deinit {
        let pid = state.withLock { $0.pid }
        if pid > 0 {
            Glibc.kill(pid, SIGKILL)
            var status: Int32 = 0
            waitpid(pid, &status, 0)
        }
        removeFiles()
    }

    /// A path for a file of the test's, which goes with the process.
    func file(_ name: String) -> String { "\(place ?? folder)/\(name)" }

    fileprivate func removeFiles() {
        if let place { try? FileManager.default.removeItem(atPath: place) }
        TestDatabases.drop(database)
    }

    /// A copy of one that `bureau migrate` has made.
    private static func makeDatabase() -> String? {
        // Without one the server says what is missing.
        try? TestDatabases.make(from: "bureau") { url in
            var environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BUREAU_") }
            environment["BUREAU_DATABASE_URL"] = url
            let folder = NSTemporaryDirectory() + "bureau-template-" + UUID().uuidString
            _ = try run([binary, "migrate", "--data", folder], environment)
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// Limits out of the way, and passwords hashed cheaply: a suite makes hundreds of accounts.
    private static let settings = [
        "signup.mode": "open", "outbound.allow_private": "true", "limits.requests_per_minute": "10000000",
        "limits.burst": "100000", "limits.signups_per_minute": "100000",
        "limits.anonymous_requests_per_minute": "10000000", "limits.anonymous_burst": "100000",
        "limits.login_failures_per_address": "100000", "passwords.memory_kib": "64", "passwords.passes": "1",
        "database.connections": "12",
    ]

    /// Beside the tests' own bundle, unless BUREAU_BIN names another.
    static let binary: String = {
        if let path = ProcessInfo.processInfo.environment["BUREAU_BIN"] { return path }
        let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let bundles = CommandLine.arguments.filter { $0.hasSuffix(".xctest") }.map {
            URL(fileURLWithPath: $0)
        }
        let places = ([own] + bundles).map {
            $0.deletingLastPathComponent().appendingPathComponent("bureau").path
        }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) } ?? places[0]
    }()

    /// The root of the package.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    var port: Int { state.withLock { $0.port } }
    var log: String { state.withLock { $0.earlier + $0.log } }
    var isRunning: Bool { state.withLock { $0.pid > 0 } }

    // MARK: Living and dying

    /// Starts it, and waits until it listens. Throws what it wrote when it ends instead.
    func start() throws {
        let arguments = [Self.binary, command, "--listen", "127.0.0.1:0", "--data", folder]
        let (pid, output) = try spawn(arguments, environment)
        let listening = DispatchSemaphore(value: 0)
        state.withLock { state in
            (state.pid, state.port) = (pid, 0)
            (state.earlier, state.log) = (state.earlier + state.log, "")
        }
        // The thread that reads the log does not keep the process alive: it ends with its test.
        Thread { [weak self] in
            var buffer = [UInt8](repeating: 0, count: 65536)
            var isTold = false
            while true {
                let count = read(output, &buffer, buffer.count)
                guard count > 0, let self else { break }
                let port = self.state.withLock { state -> Int in
                    state.log += String(decoding: buffer[..<count], as: UTF8.self)
                    if !isTold, let port = Self.port(in: state.log) { state.port = port }
                    return state.port
                }
                if port > 0, !isTold {
                    isTold = true
                    listening.signal()
                }
            }
            close(output)
            if !isTold { listening.signal() }
        }.start()
        _ = listening.wait(timeout: .now() + 60)
        if port == 0 {
            let status = wait(for: pid, seconds: 5)
            throw Unexpected(
                "the server did not start (\(status.map(String.init) ?? "running")): \(log.suffix(3000))")
        }
    }

    private static func port(in log: String) -> Int? {
        guard let range = log.range(of: "listening on http://127.0.0.1:", options: .backwards) else {
            return nil
        }
        let digits = log[range.upperBound...].prefix { $0.isNumber }
        return log[range.upperBound...].dropFirst(digits.count).isEmpty ? nil : Int(digits)
    }

    /// SIGKILL: what a power cut does to a process.
    func kill() {
        let pid = state.withLock { state in
            defer { state.pid = 0 }
            return state.pid
        }
        guard pid > 0 else { return }
        Glibc.kill(pid, SIGKILL)
        var status: Int32 = 0
        waitpid(pid, &status, 0)
    }

    func killAndRestart() throws {
        kill()
        try start()
    }

    /// SIGTERM; the exit status, or `nil` when it did not end in time and was killed.
    @discardableResult
    func stop(within seconds: Int = 20) -> Int32? {
        let pid = state.withLock { $0.pid }
        guard pid > 0 else { return 0 }
        Glibc.kill(pid, SIGTERM)
        let status = wait(for: pid, seconds: seconds)
        if status == nil { kill() }
        return status
    }

    private func wait(for pid: pid_t, seconds: Int) -> Int32? {
        let status = awaitExit(of: pid, seconds: seconds)
        if status != nil { state.withLock { $0.pid = 0 } }
        return status
    }

    /// Resident memory in MB.
    var memory: Double {
        let pid = state.withLock { $0.pid }
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
    }

    // MARK: The command line

    struct Ended { let status: Int32?, output: String }

    /// `bureau ARGUMENTS… --data FOLDER`.
    func command(_ arguments: String..., settings: [String: String] = [:]) throws -> Ended {
        var environment = environment
        for (key, value) in settings {
            environment["BUREAU_" + key.uppercased().replacingOccurrences(of: ".", with: "_")] = value
        }
        return try Self.run([Self.binary] + arguments + ["--data", folder], environment)
    }

    /// `bureau ARGUMENTS…`, without a data folder.
    static func bare(_ arguments: String...) throws -> Ended { try run([binary] + arguments) }

    static func run(
        _ arguments: [String], _ environment: [String: String]? = nil, seconds: Int = 120
    ) throws -> Ended {
        let (pid, output) = try spawn(arguments, environment ?? ProcessInfo.processInfo.environment)
        defer { close(output) }
        var text: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(output, &buffer, buffer.count)
            if count <= 0 { break }
            text += buffer[..<count]
        }
        return Ended(
            status: awaitExit(of: pid, seconds: seconds), output: String(decoding: text, as: UTF8.self))
    }

    // MARK: People

    var anonymous: Caller { Caller(self) }
    func caller(_ token: String?) -> Caller { Caller(self, token: token) }

    /// The owner of the sample agency, signed in.
    func sampleOwner() throws -> Caller {
        let body: JSON = ["email": "olive@lighthouse.example", "password": .string(try samplePassword())]
        return caller(try anonymous.post("/v1/auth/login", body).ok().text("access_token"))
    }

    /// The password of the sample agency's owner, as `bureau demo` prints it.
    func samplePassword() throws -> String {
        try eventually("the sign-in") { log.firstMatch(of: /Password +(\S+)\n/).map { String($0.1) } }
    }

    /// A new agency, and its owner.
    func signUp(
        _ agency: String? = nil, timeZone: String = "UTC", sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Agency {
        let word = UUID().uuidString.prefix(12).lowercased()
        let (email, password) = ("owner-\(word)@example.com", "correct horse \(word) staple")
        let answer = try anonymous.post(
            "/v1/auth/signup",
            [
                "agency": .string(agency ?? "Agency \(word)"), "name": "Olive Owner", "email": .string(email),
                "password": .string(password), "time_zone": .string(timeZone),
            ]
        ).ok(201, sourceLocation: sourceLocation)
        return Agency(self, answer, email: email, password: password)
    }

    /// An agency whose agents sleep, so that nothing changes its records but the test.
    func quietAgency(sourceLocation: SourceLocation = #_sourceLocation) throws -> Agency {
        let agency = try signUp(sourceLocation: sourceLocation)
        try agency.quieten()
        return agency
    }
}

/// An agency with its owner's tokens.
struct Agency: Sendable {
    let server: BureauProcess
    let owner: Caller
    let tenant: JSON, user: JSON
    let refreshToken: String
    let email: String, password: String

    init(_ server: BureauProcess, _ answer: JSON, email: String, password: String) {
        self.server = server
        owner = Caller(server, token: answer.text("access_token"))
        tenant = answer["tenant"] ?? .null
        user = answer["user"] ?? .null
        refreshToken = answer.text("refresh_token")
        (self.email, self.password) = (email, password)
    }

    var token: String { owner.token ?? "" }

    /// Puts every agent to sleep.
    func quieten() throws { try owner.post("/v1/agents/bulk", ["state": "disabled"]).ok() }

    func signIn() throws -> JSON {
        try server.anonymous.post("/v1/auth/login", ["email": .string(email), "password": .string(password)])
            .ok()
    }

    /// A key of the agency, as a caller.
    func key(_ scopes: [String]) throws -> Caller {
        let key = try owner.post("/v1/api-keys", ["name": "robot", "scopes": JSON(scopes)]).ok(201)
        return server.caller(key.text("secret"))
    }

    /// Creates a colleague of the role and signs them in; with a client, the colleague is limited to it.
    func colleague(_ role: String, limitedTo client: String? = nil) throws -> Caller {
        let (email, password) = (
            "\(role)-\(UUID().uuidString.lowercased())@example.com", "correct horse battery"
        )
        try owner.post(
            "/v1/users",
            [
                "name": "Joe", "email": .string(email), "role": .string(role), "password": .string(password),
                "client_id": JSON(client),
            ]
        ).ok(201)
        let login: JSON = [
            "email": .string(email), "password": .string(password), "tenant": .string(tenant.id),
        ]
        return server.caller(try server.anonymous.post("/v1/auth/login", login).ok().text("access_token"))
    }
}

extension Trait where Self == ConditionTrait {
    /// Tests about the database's file.
    static var ofFiles: Self { .enabled(if: !TestDatabases.isOnServer, "about a database's file") }
    static var ofServers: Self { .enabled(if: TestDatabases.isOnServer, "about a database's server") }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

// MARK: Processes

private struct Weak: Sendable { weak let process: BureauProcess? }

/// Ended with the tests, however these end.
private let livingProcesses: Mutex<[Weak]> = {
    atexit {
        for living in livingProcesses.withLock({ $0 }) {
            guard let process = living.process else { continue }
            process.kill()
            process.removeFiles()
        }
    }
    return Mutex([])
}()

/// The exit status (128 + the signal for one that was killed); `nil` when it goes on.
private func awaitExit(of pid: pid_t, seconds: Int) -> Int32? {
    let end = ContinuousClock.now + .seconds(seconds)
    while true {
        var status: Int32 = 0
        if waitpid(pid, &status, WNOHANG) == pid {
            return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
        }
        if ContinuousClock.now > end { return nil }
        usleep(5000)
    }
}
