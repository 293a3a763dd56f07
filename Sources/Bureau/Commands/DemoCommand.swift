internal import Cryptography
internal import Database
internal import Discovery
internal import Glibc
internal import JSON
internal import Jobs
internal import Records
internal import Telemetry
internal import Tenancy
internal import Transfer

struct DemoCommand: Command {
    var listen: String?

    static let usage = Usage<DemoCommand>(
        "demo", "Starts the server with a sample agency, to look around.",
        [
            .option(
                "listen", \.listen, "HOST:PORT",
                "Where it listens (\(Configuration().listen)); port 0 takes a free one.")
        ],
        details: """
            The agency is made once, in ./data/demo unless --data names another folder, from Config/demo.
            It prints where it listens and how to sign in.
            """)

    func run(_ session: CommandSession) async throws {
        var flags: [(key: String, value: String)] = []
        if let listen { flags.append(("listen", listen)) }
        var loaded = session.load(flags)
        try loaded.throwFaults()
        if loaded.sources["data"] == nil { loaded.configuration.data = "./data/demo" }
        if loaded.sources["signup.mode"] == nil { loaded.configuration.signup = .open }
        if loaded.sources["log.level"] == nil { loaded.configuration.logLevel = .warning }
        if loaded.sources["log.requests"] == nil, loaded.configuration.logLevel > .debug {
            loaded.configuration.logsRequests = false
        }
        try await serve(loaded, session) { app, address in
            let agency = try await SampleAgency.seed(app, session)
            let terminal = session.terminal
            terminal.print(
                """

                  \(terminal.bold(agency.name)) at \(terminal.bold(address))
                  Sign in as  \(agency.owner.email)
                  Password    \(agency.owner.password)
                """)
            if let client = agency.client {
                terminal.print(
                    """

                      A client's portal at \(terminal.bold(address + "/portal/?agency=" + agency.slug))
                      Sign in as  \(client.email)
                      Password    \(client.password)
                    """)
            }
            if try agency.showSite(app) {
                terminal.print("\n  Its own page, with its chat, at \(terminal.bold(address + "/site"))")
            }
            terminal.print("\nCtrl-C stops it.")
        }
    }
}

/// The agency that the demonstration works with: `Config/demo/agency.yaml` and the files beside it.
struct SampleAgency: Sendable {
    struct Entry: Sendable { let email: String, password: String }

    let name: String, slug: String
    let owner: Entry
    /// Nobody, where the folder was made before there was one.
    let client: Entry?
    private let tenant: TenantID
    private let site: String?

    /// Kept beside the database, so that each start can tell them; they open sample data only.
    private struct Passwords {
        let owner: String, client: String

        init(_ app: App) {
            (owner, client) = (
                app.configuration.data + "/demo-password", app.configuration.data + "/demo-client-password"
            )
        }

        static func known(_ path: String) throws -> String? {
            let text = try readText(path)?.trimmingSpaces
            return text.map { String($0) }
        }
    }

    /// The agency, made when the folder has none.
    static func seed(_ app: App, _ session: CommandSession) async throws -> SampleAgency {
        guard let folder = installed("Config/demo"), let text = try readText(folder + "/agency.yaml") else {
            throw CommandFailure(
                "Config/demo/agency.yaml is missing", "Run the command in the project's folder.")
        }
        let values = Dictionary(try YAMLFile.parse(text).map { ($0.name, $0.content) }) { first, _ in first }
        func value(_ key: String) -> String? { if case .text(let text)? = values[key] { text } else { nil } }
        func content(_ key: String) throws -> String? {
            guard let file = value(key) else { return nil }
            return try readText(folder + "/" + file)
        }
        let (name, email) = (value("agency.name") ?? "Sample", value("owner.email") ?? "owner@sample.example")
        let passwords = Passwords(app)
        let portal: SamplePortal? =
            if let text = try content("portal.file") { try SamplePortal(text) } else { nil }
        func agency(_ tenant: Tenant) throws -> SampleAgency {
            var client: Entry?
            if let portal, let known = try Passwords.known(passwords.client) {
                client = Entry(email: portal.email, password: known)
            }
            let own = try Passwords.known(passwords.owner) ?? "(the one you chose)"
            return SampleAgency(
                name: name, slug: tenant.slug, owner: Entry(email: email, password: own), client: client,
                tenant: tenant.tenantID, site: try content("site.file"))
        }
        let present = try app.tenants()
        if let first = present.first {
            // One that was cut off while it lived through its past goes on from here.
            for tenant in present {
                try await app.database.write(tenant.tenantID) {
                    if try $0.sandboxClock.livesByVirtualTime { try $0.sandboxClock.goLive() }
                }
            }
            return try agency(first)
        }
        let password = RandomToken.make(characters: 16), clientPassword = RandomToken.make(characters: 16)
        try writeFile(password + "\n", to: passwords.owner)
        let tenant = try await make(
            app, name, value("agency.time_zone"), value("agency.currency"), value("leads.country"))
        let owner = try await app.createUser(
            in: tenant, email: email, name: value("owner.name"), role: "owner", password: password)
        let actor = Actor(.user, id: owner["id"]?.text ?? "")
        let office = try content("office.file").map { try SampleOffice($0) }
        if let text = try content("deals.file") {
            try await SampleDeals(text, relations: content("relations.file")).live(app, tenant, by: actor) {
                try await office?.ask(app, tenant, at: .past, by: actor)
                guard let portal else { return }
                try await portal.seed(app, tenant, password: clientPassword, by: actor)
                try writeFile(clientPassword + "\n", to: passwords.client)
            } end: {
                try await office?.ask(app, tenant, at: .end, by: actor)
            }
        }
        for file in [value("leads.file"), value("leads.fair")].compactMap(\.self) {
            guard let status = fileStatus(folder + "/" + file) else { continue }
            let bar = ProgressBar(session)
            let call = FolderCall(workingFolder: folder, isAlone: false) { bar.show($0) }
            _ = try await app.importFile(
                folder + "/" + file, size: Int64(status.st_size), into: tenant, dedupe: .skip,
                country: value("leads.country"),
                mapping: [:], call)
            bar.clear()
        }
        if let text = try content("work.file") {
            let work = try SampleWork(text), currency = value("agency.currency") ?? "USD"
            try await app.database.write(tenant) { try work.begin(in: $0, currency: currency, by: actor) }
        }
        if let text = try content("records.file") {
            let records = try SampleRecords(text)
            try await app.database.write(tenant) { try records.begin(in: $0, by: actor) }
        }
        if let text = try content("support.file") {
            let (support, outbox) = (try SampleSupport(text), app.outbox)
            try await app.database.write(tenant) { try support.begin(with: outbox, in: $0, by: actor) }
        }
        try await office?.ask(app, tenant, at: .today, by: actor)
        return try agency(try app.database.read(tenant) { try $0.agency.tenant() })
    }

    /// Serves the agency's own page, where there is one and it has a chat.
    func showSite(_ app: App) throws -> Bool {
        guard let site, let key = try app.database.read(tenant, { try SampleSupport.chatKey(in: $0) }) else {
            return false
        }
        app.pages.put(
            site.replacing("{{chat_key}}", with: key).replacing("{{agency}}", with: slug), at: "site")
        return true
    }

    private static func make(
        _ app: App, _ name: String, _ timeZone: String?, _ currency: String?, _ country: String?
    ) async throws -> TenantID {
        var command = TenantCreateCommand()
        (command.name, command.timeZone, command.currency, command.country) = (
            name, timeZone, currency, country
        )
        let made = try await command.work(app, FolderCall(workingFolder: ".", isAlone: false) { _ in })
        return TenantID(rawValue: made["id"]?.text ?? "")
    }
}

/// A new file for its owner alone.
func writeFile(_ text: String, to path: String) throws(FileError) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileError(path, .last) }
    Terminal.write(text, to: file)
    close(file)
}
