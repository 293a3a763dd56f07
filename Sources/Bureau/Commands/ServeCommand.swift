internal import Database
internal import Glibc
internal import HTTPServer
internal import Intelligence
internal import Jobs
internal import Providers
internal import Telemetry
internal import Tenancy
internal import Workflows

struct ServeCommand: Command {
    var listen: String?
    var role: String?
    var level: String?

    static let usage = Usage<ServeCommand>(
        "serve", "Starts the server on a data folder.",
        [
            .option(
                "listen", \.listen, "HOST:PORT",
                "Where it listens (\(Configuration().listen)); port 0 takes a free one."),
            .option("role", \.role, "ROLE", "all, api (no work in the background) or worker (only that)."),
            .option("log-level", \.level, "LEVEL", "debug, info, warning or error."),
        ],
        details: """
            Settings come from flags, then BUREAU_* variables (also from .env), then the file, then defaults.
            SIGTERM lets begun requests finish and ends within 10 seconds.

              bureau serve --data /var/lib/bureau --listen 127.0.0.1:8080
              BUREAU_SIGNUP_MODE=open bureau serve
            """)

    func run(_ session: CommandSession) async throws {
        beginStart()
        var flags: [(key: String, value: String)] = []
        if let listen { flags.append(("listen", listen)) }
        if let role { flags.append(("role", role)) }
        if let level { flags.append(("log.level", level)) }
        let loaded = session.load(flags)
        try loaded.throwFaults()
        try await serve(loaded, session) { app, _ in
            guard app.configuration.role != .worker, try app.hasNoAgency else { return }
            // The link is printed on the terminal only: whoever has it owns the installation.
            let token = app.services.welcome.make(now: app.services.now())
            session.terminal.print(
                """
                there is no agency yet; this link makes the first one and its owner, once, within a day:
                \(app.configuration.address)/#/welcome/\(token)
                """)
        }
    }
}

extension App {
    fileprivate var hasNoAgency: Bool {
        get throws { try database.acrossTenantsRead { try $0.acrossTenantsHasNoAgency() } }
    }
}

/// Begins with what needs no configuration: the other core reads the declarations while this one reads the settings and
/// opens the database.
func beginStart() {
    keepFreedMemory()
    OwnThread {
        _ = BuiltInConnectors.connectors
        _ = Module.allSandboxTables
    }.start()
}

/// Serves until a signal says to stop. `prepare` runs when the server listens.
func serve(
    _ loaded: LoadedConfiguration, _ session: CommandSession,
    prepare: @Sendable (App, _ address: String) async throws -> Void
) async throws {
    var configuration = loaded.configuration
    // Links are made with the address, so it is settled before anything else.
    if configuration.listen.port == 0 { configuration.listen.port = freePort(configuration.listen.host) ?? 0 }
    let signals = StopSignals()
    let log = try makeLog(configuration)
    for warning in loaded.warnings { log.warning("the configuration", ["warning": .init(warning)]) }
    let app = try App(configuration, log: log, isServer: true)
    defer { app.close() }
    if configuration.role != .api { try app.runtime.checkWorkflows() }
    let server = try app.makeServer()
    if configuration.role != .api { try await app.services.removeUnfinishedSandboxes() }
    try start(server, on: configuration.listen)
    giveMemoryBack()
    let address = "http://\(ListenAddress(host: configuration.listen.host, port: server.port))"
    app.database.describeOwner("serving \(address)")
    let socket = FolderSocket(app)
    session.terminal.print("listening on \(address)")
    let runner = configuration.role == .api ? nil : Runner(app.runtime)
    let work = Task { await runner?.run() }
    let upkeep = startUpkeep(of: app)
    trainModels(for: app)
    let failure: (any Error)?
    do {
        try await prepare(app, address)
        // Only agencies of an earlier release lack anything; a new one is seeded as it is made.
        await afterFirstRequests()
        try await app.acrossTenantsSeed()
        failure = nil
        await signals.wait()
    } catch {
        log.error("the start failed", ["error": .init(error)])
        failure = error
    }
    log.info("stopping", [:])
    endInAnyCase(log)
    socket?.close()
    for task in upkeep { task.cancel() }
    // Requests may wait for runs: the workers go on while begun requests finish.
    if await !server.drain(deadline: .seconds(5)) {
        log.warning("requests were still under way at the stop's deadline, and got 503", [:])
    }
    let halt = Task { await runner?.drain(deadline: .seconds(2)) }
    await work.value
    halt.cancel()
    log.info("stopped", [:])
    if let failure { throw failure }
}

private func start(_ server: HTTPServer, on address: ListenAddress) throws {
    do {
        try server.start()
    } catch {
        throw CommandFailure(
            "cannot listen on \(address): \(error)",
            "Another program may listen there: choose another port with --listen, or 0 for a free one.")
    }
}

/// Starts what looks after the installation as long as it serves.
private func startUpkeep(of app: App) -> [Task<Void, Never>] {
    [
        Task {
            await afterFirstRequests()
            await app.backups.run()
        },
        Task { await keepHouse(app.housekeeping) },
        Task { await app.maintenance.run() },
        Task { await app.nodes.run() },
    ]
}

/// Trains the models of texts once the first requests are answered.
private func trainModels(for app: App) {
    Task.detached(priority: .background) {
        await afterFirstRequests()
        #if !DEBUG
        // Where people write, nobody who does so first after a start waits for it.
        if (try? app.acrossTenantsHearsPeople()) == true { TextModels.train() }
        #endif
        giveMemoryBack()
    }
}

/// Ends the process where its work does not: nothing that was answered is lost by ending before the last handler has
/// let go.
private func endInAnyCase(_ log: Log) {
    OwnThread {
        sleep(9)
        log.warning("work went on for too long; it is left for the next start", [:])
        _exit(0)
    }.start()
}

/// A port that nobody listens on just now: none of those that the system hands out to whoever connects somewhere, since
/// it is a while until the server listens there.
private func freePort(_ host: String) -> Int? {
    var settings = HTTPServerConfiguration()
    (settings.host, settings.threads) = (host, 1)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<100 {
        settings.port = Int.random(in: 20_000..<32_768, using: &generator)
        let server = HTTPServer(settings) { _ in .reject(Response(status: 503)) }
        guard (try? server.start()) != nil else { continue }
        server.stop()
        return settings.port
    }
    return nil
}

/// Waits 300 milliseconds, so that those who waited for the start are answered first.
private func afterFirstRequests() async { await pause(.milliseconds(300)) }

private func keepHouse(_ housekeeping: Housekeeping) async {
    for minute in 0... {
        await pause(.seconds(60))
        guard !Task.isCancelled else { return }
        await housekeeping.tidyUp(thoroughly: minute % 60 == 0)
    }
}

private func makeLog(_ configuration: Configuration) throws -> Log {
    let format: LogFormat? =
        switch configuration.logStyle {
        case .auto: nil
        case .json: .json
        case .human: .human
        }
    let target: LogSink.Target =
        configuration.logFile.isEmpty ? .standardError : .file(path: configuration.logFile)
    return try Log([
        LogSink(
            target, level: configuration.logLevel, format: format, hasAccessLines: configuration.logsRequests)
    ])
}
