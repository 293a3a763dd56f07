internal import Cryptography
internal import Database
internal import HTTPClient
internal import HTTPServer
internal import Integrations
internal import Social
internal import Telemetry

/// Everything that an installation can be told. The values here are the defaults; `settings` declares
/// each key once, and from it follow reading, checking, `Config/bureau.yaml` and the help.
struct Configuration: Sendable {
    enum Signup: String, CaseIterable, Sendable { case open, closed }
    enum Role: String, CaseIterable, Sendable { case all, api, worker }
    enum LogStyle: String, CaseIterable, Sendable { case auto, json, human }

    /// From `api_config.json` in the data folder.
    var apis = APIDirectory()
    /// The variables of the process, and those of `.env`: keys of services are among them.
    var environment: [String: String] = [:]

    var listen = ListenAddress(host: "127.0.0.1", port: 8080)
    var data = "./data"
    var publicURL = ""
    var role = Role.all
    var staticFolder = ""
    var signup = Signup.closed

    var databaseURL = ""
    var databaseConnections = 24

    var requestsPerMinute = 1200
    var burst = 200
    var anonymousRequestsPerMinute = 600
    var anonymousBurst = 100
    var hookRequestsPerMinute = 60_000
    var hookBurst = 5000
    var chatRequestsPerMinute = 1200
    var chatBurst = 300
    var loginFailuresPerAccount = 10
    var loginFailuresPerAddress = 100
    var signupsPerMinute = 20
    var jsonBodyBytes = 5 * 1024 * 1024
    var importBytes = 8 * 1024 * 1024 * 1024
    var workflowDepth = 16
    var workflowRuns = 2_000

    var readTimeout = Duration.seconds(15)
    var idleTimeout = Duration.seconds(75)
    var connectionsMax = 10_000
    var trustedProxies: [AddressRange] = []
    var httpThreads = 0

    var logLevel = LogLevel.info
    var logStyle = LogStyle.auto
    var logsRequests = true
    var logFile = ""
    var metricsToken = ""

    var allowsPrivateOutbound = false
    var connectTo: [ConnectionRoute] = []
    var crawlDelayMilliseconds = 2000
    var crawlerUserAgent = "BureauBot/1.0"
    var gateways: [AddressRange] = []
    var networkChanges: [NetworkChange] = []
    var sharedModel = "gpt-4o-mini"
    var nameServers = NameServers()
    var blocklists = ""

    var isBackupEnabled = true
    var backupsKept = 7
    var backupTime = TimeOfDay(hour: 3, minute: 30)
    var backupFolder = ""

    var jobRetentionDays = 30
    var runRetentionDays = 90
    var eventRetentionDays = 90
    var fireRetentionDays = 90
    var alertRetentionDays = 180

    var masterKey = ""
    var passwordMemoryKiB = 19_456
    var passwordPasses = 2

    /// The settings in the order of `Config/bureau.yaml`.
    static let settings: [Setting] = [
        .parsed(
            "listen", \.listen, as: "host:port", "Where the server listens; port 0 takes a free one.",
            flag: "listen"),
        .text(
            "data", \.data, "The folder of the database, its backups and keys; made when it is missing.",
            flag: "data"),
        .text(
            "public_url", \.publicURL,
            "The server's public address, for links, such as https://bureau.example.com. Empty: http:// and listen."
        ),
        .choice(
            "role", \.role, "The work of this process: all, only the API, or only background work.",
            flag: "role"),
        .text(
            "static", \.staticFolder,
            "The folder of the web pages. Empty: ./static, or the one beside the program."),
        .secret(
            "database.url", \.databaseURL,
            "A PostgreSQL server, postgresql://bureau@host/bureau (docs/postgresql.md). Empty: a file in the data folder."
        ),
        .integer(
            "database.connections", \.databaseConnections, in: 6...1000,
            "The connections of this process to the database server."),
        .choice("signup.mode", \.signup, "Whether anyone may sign up an agency."),

        .integer(
            "limits.requests_per_minute", \.requestsPerMinute, in: 1...100_000_000,
            "The requests that one credential may make a minute."),
        .integer(
            "limits.burst", \.burst, in: 1...10_000_000, "The requests that one credential may make at once."),
        .integer(
            "limits.anonymous_requests_per_minute", \.anonymousRequestsPerMinute, in: 1...100_000_000,
            "The requests without a credential that one address may make a minute."),
        .integer(
            "limits.anonymous_burst", \.anonymousBurst, in: 1...10_000_000,
            "The requests without a credential that one address may make at once."),
        .integer(
            "limits.hook_requests_per_minute", \.hookRequestsPerMinute, in: 1...100_000_000,
            "The requests that the hook of one integration takes a minute."),
        .integer(
            "limits.hook_burst", \.hookBurst, in: 1...10_000_000,
            "The requests that the hook of one integration takes at once."),
        .integer(
            "limits.chat_requests_per_minute", \.chatRequestsPerMinute, in: 1...100_000_000,
            "The requests that one address may make to the chat of one integration a minute."),
        .integer(
            "limits.chat_burst", \.chatBurst, in: 1...10_000_000,
            "The requests that one address may make to the chat of one integration at once."),
        .integer(
            "limits.login_failures_per_account", \.loginFailuresPerAccount, in: 1...1_000_000,
            "The failed sign-ins that one account may have in 15 minutes."),
        .integer(
            "limits.login_failures_per_address", \.loginFailuresPerAddress, in: 1...1_000_000,
            "The failed sign-ins that one address may make in 15 minutes."),
        .integer(
            "limits.signups_per_minute", \.signupsPerMinute, in: 1...1_000_000,
            "The agencies that one address may sign up a minute."),
        .integer(
            "limits.json_body_bytes", \.jsonBodyBytes, in: 1024...1_073_741_824, "The largest JSON body."),
        .integer(
            "limits.import_bytes", \.importBytes, in: 1024...1_099_511_627_776, "The largest file to import."),
        .integer(
            "limits.workflow_depth", \.workflowDepth, in: 1...100,
            "How deep workflows may start one another."),
        .integer(
            "limits.workflow_runs", \.workflowRuns, in: 1...100_000,
            "How many runs one run of a workflow may start, with all that these start."),

        .seconds(
            "http.read_timeout", \.readTimeout, in: 1...3600,
            "The seconds within which the whole head of a request has to arrive."),
        .seconds(
            "http.idle_timeout", \.idleTimeout, in: 1...86_400,
            "The seconds after which an idle connection is closed."),
        .integer(
            "http.max_connections", \.connectionsMax, in: 1...1_000_000,
            "The connections that are open at once; further ones wait."),
        .list(
            "http.trusted_proxies", \.trustedProxies, as: "an address or a range such as 10.0.0.0/8",
            "Proxies whose X-Forwarded-For is believed."),
        .integer(
            "http.threads", \.httpThreads, in: 0...256,
            "The number of event loops. 0: one for each processor."),

        .choice("log.level", \.logLevel, "The least important lines to write.", flag: "log-level"),
        .choice(
            "log.format", \.logStyle,
            "The form of the lines: auto writes text on a terminal, and JSON elsewhere."),
        .flag("log.requests", \.logsRequests, "Whether each request is written as a line."),
        .text("log.file", \.logFile, "A file for the log, rotated at 64 MB. Empty: the standard error."),
        .secret(
            "metrics.token", \.metricsToken,
            "The bearer token for /metrics. Empty: only this machine may read them."),

        .flag(
            "outbound.allow_private", \.allowsPrivateOutbound,
            "Whether requests may go to private networks; for tests."),
        .list(
            "outbound.connect_to", \.connectTo,
            as: "HOST:PORT=ADDRESS:PORT, where HOST may be * or begin with *.",
            "Where hosts are found instead of where their names lead; the first that fits counts."),

        .integer(
            "crawler.delay_ms", \.crawlDelayMilliseconds, in: 0...3_600_000,
            "The least time between two requests of the crawler to one host, in milliseconds."),
        .text(
            "crawler.user_agent", \.crawlerUserAgent,
            "The crawler's user agent; begins with BureauBot/, and should say how to reach you."),

        .list(
            "tracking.gateways", \.gateways, as: "an address or a range such as 203.0.113.0/24",
            "The networks of mail gateways and image proxies: what they open, nobody has opened."),

        .list(
            "social.networks", \.networkChanges, as: "NETWORK.RULE=VALUE, such as x.text_max=400",
            "The rules and prices of social networks that differ from those of this version, as [x.text_max=400]: text_max, hashtags_max, mentions_max, images_max, image_side_max, image_bytes_max, video_seconds_max, video_bytes_max, title_max, posts_per_day, price (of a thousand posts, in US cents) and api_version."
        ),

        .text(
            "models.shared", \.sharedModel,
            "The model that agencies without models of their own ask, where OPENAI_API_KEY or OPENAI_API_BASE is set."
        ),

        .parsed(
            "dns.servers", \.nameServers,
            as: "addresses with commas between them, each with a port or without",
            "The name servers that are asked about sending domains. Empty: those of the system."),
        .text(
            "dns.blocklists", \.blocklists,
            "Blocklists that are checked for sending domains, separated by commas: zen.spamhaus.org."
        ),

        .flag(
            "backup.enabled", \.isBackupEnabled,
            "Whether the server makes a backup each night, and checks it."),
        .integer("backup.keep", \.backupsKept, in: 1...1000, "How many nightly backups are kept."),
        .parsed(
            "backup.at", \.backupTime, as: "a time such as 03:30",
            "The time of the backup, by this machine's clock."),
        .text(
            "backup.folder", \.backupFolder,
            "The folder of the backups; another disk is better. Empty: backups in the data folder."),

        .integer(
            "retention.jobs_days", \.jobRetentionDays, in: 1...36_500,
            "The days for which ended jobs are kept."),
        .integer(
            "retention.runs_days", \.runRetentionDays, in: 1...36_500,
            "The days for which agents' runs and their traces are kept; their decisions stay."),
        .integer(
            "retention.events_days", \.eventRetentionDays, in: 1...36_500,
            "The days for which events are kept."),
        .integer(
            "retention.schedule_fires_days", \.fireRetentionDays, in: 1...36_500,
            "The days for which the outcomes of schedules' fires are kept."),
        .integer(
            "retention.alerts_days", \.alertRetentionDays, in: 1...36_500,
            "The days for which resolved alerts are kept."),

        .secret(
            "master_key", \.masterKey,
            "The key that encrypts credentials at rest: the base 64 of 32 bytes. Empty: master.key in the data folder."
        ),
        .integer(
            "passwords.memory_kib", \.passwordMemoryKiB, in: 8...262_144,
            "The memory, in KiB, that hashing a password takes (Argon2id)."),
        .integer("passwords.passes", \.passwordPasses, in: 1...16, "The passes over that memory."),
    ]

    /// Where people reach it.
    var address: String { publicURL.isEmpty ? "http://\(listen)" : publicURL }
    var isOnServer: Bool { !databaseURL.isEmpty }
    var backups: String { backupFolder.isEmpty ? data + "/backups" : backupFolder }

    /// Returns the settings with which the database is opened.
    func database(
        clock: @escaping @Sendable (TenantID?) -> Instant = { _ in .wallClock() }
    ) -> DatabaseConfiguration {
        var opening = DatabaseConfiguration(folder: data, clock: clock)
        opening.program = programIdentity()
        if isOnServer {
            opening.server = databaseURL
            // Three go to news and to presence.
            opening.writerConnections = max(1, (databaseConnections - 3) / 3)
            opening.readerConnections = max(1, databaseConnections - 3 - opening.writerConnections)
        }
        return opening
    }

    /// The faults that the parts cannot find alone.
    var faults: [ConfigurationFault] {
        var faults: [ConfigurationFault] = []
        if !publicURL.isEmpty,
            !["http://", "https://"].contains(where: publicURL.hasPrefix) || publicURL.hasSuffix("/")
        {
            faults.append(
                ConfigurationFault(
                    key: "public_url", reason: "must begin with https:// or http:// and not end with /"))
        }
        if !masterKey.isEmpty, (try? MasterKey(base64: masterKey)) == nil {
            faults.append(
                ConfigurationFault(
                    key: "master_key", reason: "must be the base 64 of 32 bytes: openssl rand -base64 32"))
        }
        if !metricsToken.isEmpty, metricsToken.utf8.count < 16 {
            faults.append(
                ConfigurationFault(key: "metrics.token", reason: "must have at least 16 characters"))
        }
        if !databaseURL.isEmpty, !["postgresql://", "postgres://"].contains(where: databaseURL.hasPrefix) {
            faults.append(ConfigurationFault(key: "database.url", reason: "must begin with postgresql://"))
        }
        let isFitForHeader = crawlerUserAgent.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        if !crawlerUserAgent.hasPrefix("BureauBot/") || !isFitForHeader {
            faults.append(
                ConfigurationFault(
                    key: "crawler.user_agent",
                    reason: "must begin with BureauBot/ and have only letters and signs of ASCII"))
        }
        if data.isEmpty { faults.append(ConfigurationFault(key: "data", reason: "must name a folder")) }
        return faults
    }
}

/// `127.0.0.1:8080`, `[::1]:8080`, `:8080`, `8080`.
struct ListenAddress: Equatable, Sendable, LosslessStringConvertible {
    var host: String
    var port: Int

    init(host: String, port: Int) { (self.host, self.port) = (host, port) }

    init?(_ text: String) {
        let colon = text.lastIndex(of: ":")
        let digits = colon.map { text[text.index(after: $0)...] } ?? text[...]
        guard let port = Int(digits), (0...65_535).contains(port), digits.allSatisfy(\.isNumber) else {
            return nil
        }
        var host = colon.map { text[..<$0] } ?? ""
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        if host.isEmpty { host = "127.0.0.1" }
        guard host == "localhost" || RemoteAddress(String(host)) != nil else { return nil }
        self.init(host: String(host), port: port)
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// `03:30`.
struct TimeOfDay: Equatable, Sendable, LosslessStringConvertible {
    var hour: Int, minute: Int

    init(hour: Int, minute: Int) { (self.hour, self.minute) = (hour, minute) }

    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ (1...2).contains($0.count) && $0.allSatisfy(\.isWholeNumber) }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        self.init(hour: hour, minute: minute)
    }

    var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(hour)):\(two(minute))"
    }
}

/// A fault in the value of a key, and the source of that value.
struct ConfigurationFault: Error, Equatable, Sendable, CustomStringConvertible {
    var key: String
    var reason: String
    var source: String?

    var description: String { "\(key): \(reason)" + (source.map { " (\($0))" } ?? "") }
}
