internal import Addresses
internal import Agents
internal import Conversations
internal import Cryptography
internal import Database
internal import HTTPClient
internal import HTTPServer
internal import Integrations
internal import Intelligence
internal import Jobs
internal import Media
internal import Messages
internal import Nouns
internal import Records
internal import Routing
internal import Social
internal import Synchronization
internal import Telemetry
internal import Tenancy

let bureauVersion = "0.1.0"

/// The installation, put together: the one place that knows every module.
final class App: Sendable {
    let configuration: Configuration
    let composition: Composition
    let log: Log
    let metrics: Metrics
    let database: Database
    let master: MasterKey
    let services: PlatformServices
    let mail: SMTPClient
    let mailboxes: IMAPClient
    let outbox: Outbox
    let tidying: [TenantTidying]
    let runtime: Runtime
    let routes: Routes
    let pulse: Pulse
    let pages = MadePages()
    let system: SystemParts

    /// Puts the modules together, opens the data folder, and brings its schema up to date. Throws `UnmetNeeds`, before
    /// anything is opened, where a module needs one that is not there.
    init(
        _ configuration: Configuration, log: Log, modules: [Module] = Module.all, isServer: Bool = false
    ) throws {
        NetworkChange.install(configuration.networkChanges)
        let lookups = domainLookups(
            configuration.nameServers.servers, blocklists: configuration.blocklists)
        let composition = try Composition(
            modules,
            between: answersBetweenSlices + [
                ModuleAnswer(to: MessagingDependencies.self) { $0.lookups = lookups },
                ModuleAnswer(to: AddressDependencies.self) { $0.lookups = lookups },
            ])
        (self.configuration, self.composition, self.log) = (configuration, composition, log)
        let clocks = TenantClocks()
        let metrics = Metrics(), pulse = Pulse(), work = WorkCounts(metrics)
        (self.metrics, self.pulse) = (metrics, pulse)
        var opening = configuration.database { clocks.now($0) }
        opening.observer = databaseObserver(metrics, log, work)
        // A server's main thread reads at the start alone.
        opening.openerReadsOnWriter = isServer
        database = try Database.open(opening)
        do {
            try database.migrate(composition.migrations) { [log] step, share in
                log.info(
                    "the database is being changed",
                    ["step": .init(step), "percent": .integer(Int64(share * 100))])
            }
            master = try masterKey(configuration, database)
            let apis = try configuration.readOrMakeAPIs()
            let keys = DataKeys(database, master)
            try keys.makePlatformKey()
            let outbound = HTTPClient(configuration.outbound)
            mail = SMTPClient(configuration.outbound, name: configuration.mailName)
            mailboxes = IMAPClient(configuration.outbound)
            services = try Self.services(
                database, master, keys, outbound, log, configuration, apis, composition)
            var parts = ModuleParts(composition, services, uploads: configuration.uploads)
            parts.add(
                integrationProviders(outbound, mail, mailboxes, agent: services.settings.crawlerName)
                    .configured(by: apis, outbound))
            parts.add(MediaWorker())
            parts.add(SharedConnections(apis, environment: configuration.environment))
            let system = SystemParts(
                configuration, metrics, database, pulse, Backups(configuration, database, log),
                composition.permissions, startedAt: .wallClock(), work)
            parts.add(system)
            self.system = system
            for module in composition.modules { try module.addServices(&parts) }
            outbox = try parts[Outbox.self]
            tidying = try composition.modules.flatMap { try $0.makeTidying(parts) }
            var running = configuration.runtime(composition, auditKey: try keys.auditKey(), pulse)
            running.observer = runtimeObserver(metrics, log)
            let services = services
            let asked = modelObserver(metrics)
            runtime = try Runtime(database, running, clocks: clocks) { registration in
                for module in composition.modules { try module.addJobs(&registration, parts) }
                var models = modelService(services, running)
                models.asked = asked
                registration.models = models
            }
            try runtime.questions.requireAnswers()
            routes = try Self.routes(composition, parts, runtime, system)
            services.lists.know(routes)
            services.sampleData.know(routes, services.sandboxTables())
        } catch {
            database.close()
            throw error
        }
        metrics.registerProcess()
        let database = database
        metrics.gauge("bureau_database_bytes", "Bytes of the database file.") { Double(database.size.file) }
        metrics.gauge("bureau_database_log_bytes", "Bytes of the database's log.") {
            Double(database.size.log)
        }
    }

    private static func services(
        _ database: Database, _ master: MasterKey, _ keys: DataKeys, _ outbound: HTTPClient, _ log: Log,
        _ configuration: Configuration, _ apis: APIDirectory, _ composition: Composition
    ) throws -> PlatformServices {
        PlatformServices(
            database: database,
            passwords: PasswordHasher(
                cost: PasswordCost(
                    memoryKiB: UInt32(configuration.passwordMemoryKiB),
                    passes: UInt32(configuration.passwordPasses))),
            tokens: try SigningKeys.load(database, master), secrets: keys.sealing,
            outbound: outbound, log: log, settings: configuration.platform(apis),
            permissions: composition.permissions,
            sandboxTables: { composition.modules.flatMap { $0.sandboxTables() } },
            now: { .wallClock() },
            makeDataKey: { tx in try tx.makeDataKey(under: master) },
            seed: { tx in
                try tx.makeDataKey(under: master)
                for module in composition.modules { try module.seeding?.seed(tx) }
            })
    }

    /// Returns the routes of all modules, and tells the runtime of what they declare.
    private static func routes(
        _ composition: Composition, _ parts: ModuleParts, _ runtime: Runtime, _ system: SystemParts
    ) throws -> Routes {
        var routes = Routes()
        for module in composition.modules { try module.addRoutes(&routes, parts, runtime) }
        setupRoutes(&routes, composition.modules.compactMap(\.setup))
        systemRoutes(&routes, system)
        runtime.know(routes.records, events: routes.events, shown: routes.shownRecords)
        runtime.rowRules = routes.rules
        return routes
    }

    var backups: Backups { system.backups }
    var startedAt: Instant { system.startedAt }
    var maintenance: Maintenance {
        Maintenance(database: database, configuration: configuration, log: log, work: system.work)
    }
    var nodes: Nodes { Nodes(system, runtime) }

    func close() {
        services.outbound.close()
        mail.close()
        database.close()
        log.flush()
    }

    /// The server over this installation; not yet started.
    func makeServer() throws -> HTTPServer {
        let shown = configuration.role == .worker ? routes.systemOnly : routes
        let pipeline = Pipeline(
            services, shown, metrics: metrics,
            pages: Pages(configuration, log, pages, isPortal: services.isPortal).response)
        var settings = HTTPServerConfiguration()
        (settings.host, settings.port) = (configuration.listen.host, configuration.listen.port)
        if configuration.httpThreads > 0 { settings.threads = configuration.httpThreads }
        settings.limits.readTimeout = configuration.readTimeout
        settings.limits.idleTimeout = configuration.idleTimeout
        settings.limits.connectionsMax = configuration.connectionsMax
        settings.trustedProxies = configuration.trustedProxies
        settings.spoolDirectory = try emptySpool()
        settings.makeBodyDigest = { SpoolDigest() }
        settings.fault = { [pipeline] in pipeline.fault($0, $1) }
        return HTTPServer(settings) { pipeline.accept($0) }
    }

    /// Uploads that an earlier process left behind go.
    private func emptySpool() throws -> String {
        let folder = configuration.data + "/spool"
        try makeFolder(folder)
        for name in names(in: folder) { removeFile(folder + "/" + name) }
        return folder
    }
}

extension Configuration {
    fileprivate func runtime(
        _ composition: Composition, auditKey: HMACKey, _ pulse: Pulse
    ) -> RuntimeConfiguration {
        var running = RuntimeConfiguration(
            seed: SystemRandom.number(),
            boot: RandomToken.make(characters: 16), auditKey: auditKey,
            wait: { moment in
                pulse.beat()
                await systemWait(until: moment)
            })
        for module in composition.modules { running.slots.merge(module.slots) { $1 } }
        running.retention = retention
        running.workflowDepthMax = workflowDepth
        running.workflowRunsMax = workflowRuns
        return running
    }

    /// As other mail servers are greeted.
    fileprivate var mailName: String {
        let host = address.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        let name = host.split(separator: ":").first.map(String.init) ?? ""
        return name.contains { $0.isLetter } ? name : "localhost"
    }

    fileprivate var outbound: HTTPClientConfiguration {
        var settings = HTTPClientConfiguration(
            AddressGuard(allowsPrivate: allowsPrivateOutbound), seed: SystemRandom.number())
        settings.userAgent = "Bureau/\(bureauVersion)"
        settings.connectTo = connectTo
        return settings
    }

    fileprivate var retention: Retention {
        func days(_ count: Int) -> Duration { .seconds(count * 86_400) }
        var retention = Retention()
        (retention.jobs, retention.runs) = (days(jobRetentionDays), days(runRetentionDays))
        (retention.events, retention.alerts) = (days(eventRetentionDays), days(alertRetentionDays))
        retention.scheduleFires = days(fireRetentionDays)
        return retention
    }

    fileprivate func platform(_ apis: APIDirectory) -> PlatformSettings {
        var settings = PlatformSettings()
        settings.isSignupOpen = signup == .open
        settings.publicURL = address
        settings.crawlDelay = .milliseconds(crawlDelayMilliseconds)
        settings.crawlerName = crawlerUserAgent
        settings.gateways = gateways
        settings.serviceAddresses = Dictionary(
            uniqueKeysWithValues: apis.entries.compactMap { entry in entry.baseURL.map { (entry.name, $0) } })
        settings.sharedModel = installationModel
        settings.requestsPerMinute = requestsPerMinute
        settings.burst = burst
        settings.anonymousRequestsPerMinute = anonymousRequestsPerMinute
        settings.anonymousBurst = anonymousBurst
        settings.hookRequestsPerMinute = hookRequestsPerMinute
        settings.hookBurst = hookBurst
        settings.chatRequestsPerMinute = chatRequestsPerMinute
        settings.chatBurst = chatBurst
        settings.signupsPerMinute = signupsPerMinute
        settings.loginFailuresPerAccount = loginFailuresPerAccount
        settings.loginFailuresPerAddress = loginFailuresPerAddress
        settings.jsonBodyMax = jsonBodyBytes
        settings.streamBodyMax = Int64(importBytes)
        if let folder = staticFolder.isEmpty ? installed("static") : staticFolder {
            settings.portalWords = Deferred { PortalWords(PortalPage.catalogues(in: folder)) }
        }
        return settings
    }

    /// The model of the variables `OPENAI_API_KEY` and `OPENAI_API_BASE`; a server without a key needs only the latter.
    private var installationModel: (base: String, key: String, name: String)? {
        let key = environment["OPENAI_API_KEY"]?.trimmed ?? ""
        let base = environment["OPENAI_API_BASE"]?.trimmed ?? ""
        guard !key.isEmpty || !base.isEmpty else { return nil }
        return (base.isEmpty ? "https://api.openai.com/v1" : base.withoutEndingSlashes, key, sharedModel)
    }
}

extension Routes {
    /// For a process that only works in the background: what watches it.
    fileprivate var systemOnly: Routes {
        var routes = Routes()
        for route in all where ["/healthz", "/readyz", "/metrics"].contains(route.pattern) {
            routes.add(
                route.method, route.pattern, route.access, route.summary, body: route.body,
                query: route.query, route.answers, route.handler)
        }
        return routes
    }
}

/// Agents' way to their agency's models.
private func modelService(_ services: PlatformServices, _ running: RuntimeConfiguration) -> ModelService {
    let cache = ModelCache(now: services.now)
    return ModelService(
        gateway: { gate in
            ModelGateway(gate, cache: cache, random: { SystemRandom.number() }) { pause in
                await running.wait(running.steadyClock() + pause)
                try Task.checkCancellation()
            }
        }, connect: { ModelTransport.http(services.outbound, $0) },
        chain: { try services.modelChain(of: $0, $1) })
}

/// When the workers last moved.
final class Pulse: Sendable {
    private let last = Atomic<Int64>(0)

    func beat() { last.store(systemSteadyClock().microseconds, ordering: .relaxed) }

    /// The time since then; `nil` when they never did.
    var age: Duration? {
        let last = last.load(ordering: .relaxed)
        return last == 0 ? nil : systemSteadyClock() - Instant(microseconds: last)
    }
}

/// Digests uploads as they come, so that a repeated one is known by its idempotency key.
private struct SpoolDigest: BodyDigest {
    private let hash = SHA256()
    mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bytes) }
    mutating func finalize() -> [UInt8] { hash.finish() }
}

private func databaseObserver(_ metrics: Metrics, _ log: Log, _ counts: WorkCounts) -> DatabaseObserver {
    let commits = metrics.counter("bureau_database_commits_total", "Commits.")
    let failures = metrics.counter("bureau_database_commit_failures_total", "Commits that failed.")
    let writes = metrics.histogram(
        "bureau_database_commit_seconds", "Seconds from the begin of a group of writes to its answer.")
    let flushes = metrics.histogram(
        "bureau_database_flush_seconds", "Seconds in which the database's log got to the disk.")
    let frames = metrics.gauge("bureau_database_log_frames", "Pages in the database's log.")
    var observer = DatabaseObserver()
    observer.committed = { closures, time, pages in
        counts.add(writes: closures)
        commits.increment()
        writes.observe(time)
        frames.set(Double(pages))
    }
    observer.flushed = { flushes.observe($0) }
    observer.commitFailed = { error in
        failures.increment()
        log.error("a commit failed", ["error": .init(error)])
    }
    observer.closureWasSlow = { caller, time in
        log.warning(
            "a write was slow",
            ["caller": .init(caller.description), "milliseconds": .integer(time.microseconds / 1000)])
    }
    return observer
}

private func runtimeObserver(_ metrics: Metrics, _ log: Log) -> RuntimeObserver {
    let attempts = metrics.counters(
        "bureau_job_attempts_total", "Attempts of jobs.", labels: ["kind", "outcome"])
    let times = metrics.histograms("bureau_job_seconds", "Seconds of an attempt.", labels: ["kind"])
    var observer = RuntimeObserver()
    observer.attemptEnded = { kind, outcome, time in
        attempts.with([kind, outcome.description]).increment()
        times.with([kind]).observe(time)
    }
    observer.attemptFailed = { tenant, job, kind, error in
        log.warning(
            "an attempt failed",
            [
                "tenant": .init(tenant.rawValue), "job": .init("\(job)"), "kind": .init(kind),
                "error": .init(error),
            ])
    }
    observer.troubled = { doing, error in
        log.error("the workers had trouble", ["doing": .init(doing.description), "error": .init(error)])
    }
    let calls = metrics.counters(
        "bureau_tool_calls_total", "Calls of tools that went outside.", labels: ["tool", "outcome"])
    let callTimes = metrics.histograms("bureau_tool_seconds", "Seconds of a call.", labels: ["tool"])
    observer.toolCalled = { tool, outcome, time in
        calls.with([tool, outcome.description]).increment()
        callTimes.with([tool]).observe(time)
    }
    observer.orphansFound = { log.warning("jobs of a dead process were taken over", ["count": .init($0)]) }
    return observer
}

/// Counts what models are asked, and what that takes.
private func modelObserver(
    _ metrics: Metrics
) -> @Sendable (_ outcome: StaticString, _ use: ModelUse, _ time: Duration) -> Void {
    let questions = metrics.counters(
        "bureau_model_requests_total", "Questions that agents put to models.", labels: ["outcome"])
    let tokens = metrics.counters(
        "bureau_model_tokens_total", "Tokens that models read and wrote.", labels: ["direction"])
    let spent = metrics.counter(
        "bureau_model_cost_micros_total", "Cost of models, in millionths of agencies' minor units.")
    let answerTimes = metrics.histogram("bureau_model_seconds", "Seconds until a model had answered.")
    return { outcome, use, time in
        questions.with([outcome.description]).increment()
        tokens.with(["input"]).increment(by: use.tokens.input)
        tokens.with(["output"]).increment(by: use.tokens.output)
        spent.increment(by: Int(use.cost))
        answerTimes.observe(time)
    }
}
