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
        beginStart()
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
            try await app.acrossTenantsSeed()
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
        let folder = try SampleFolder(), passwords = Passwords(app)
        let portal = try folder.text("portal.file").map { try SamplePortal($0) }
        let present = try app.tenants()
        if let first = present.first {
            try await goOn(app, present)
            return try SampleAgency(first, of: folder, portal, passwords)
        }
        let password = RandomToken.make(characters: 16), clientPassword = RandomToken.make(characters: 16)
        try writeFile(password + "\n", to: passwords.owner)
        let tenant = try await make(app, folder)
        let owner = try await app.createUser(
            in: tenant, email: folder.ownerEmail, name: folder["owner.name"], role: "owner",
            password: password)
        let actor = Actor(.user, id: owner["id"]?.text ?? "")
        let office = try folder.text("office.file").map { try SampleOffice($0) }
        if let text = try folder.text("deals.file") {
            let deals = try SampleDeals(text, relations: folder.text("relations.file"))
            try await deals.live(app, tenant, by: actor) {
                try await office?.ask(app, tenant, at: .past, by: actor)
                guard let portal else { return }
                try await portal.seed(app, tenant, password: clientPassword, by: actor)
                try writeFile(clientPassword + "\n", to: passwords.client)
            } end: {
                try await office?.ask(app, tenant, at: .end, by: actor)
            }
        }
        try await importLeads(of: folder, into: tenant, app, session)
        try await beginRecords(of: folder, in: tenant, app, by: actor)
        try await office?.ask(app, tenant, at: .today, by: actor)
        let made = try app.database.read(tenant) { try $0.agency.tenant() }
        return try SampleAgency(made, of: folder, portal, passwords)
    }

    private init(
        _ tenant: Tenant, of folder: SampleFolder, _ portal: SamplePortal?, _ passwords: Passwords
    ) throws {
        (name, slug, self.tenant) = (folder.name, tenant.slug, tenant.tenantID)
        site = try folder.text("site.file")
        let known = try portal == nil ? nil : Passwords.known(passwords.client)
        client = portal.flatMap { portal in known.map { Entry(email: portal.email, password: $0) } }
        owner = Entry(
            email: folder.ownerEmail, password: try Passwords.known(passwords.owner) ?? "(the one you chose)")
    }

    /// Lets an agency that was cut off while it lived through its past go on from here.
    private static func goOn(_ app: App, _ tenants: [Tenant]) async throws {
        for tenant in tenants {
            try await app.database.write(tenant.tenantID) {
                if try $0.sandboxClock.livesByVirtualTime { try $0.sandboxClock.goLive() }
            }
        }
    }

    private static func importLeads(
        of folder: SampleFolder, into tenant: TenantID, _ app: App, _ session: CommandSession
    ) async throws {
        for path in [folder.path("leads.file"), folder.path("leads.fair")].compactMap(\.self) {
            guard let status = fileStatus(path) else { continue }
            let bar = ProgressBar(session)
            let call = FolderCall(workingFolder: folder.path, isAlone: false) { bar.show($0) }
            _ = try await app.importFile(
                path, size: Int64(status.st_size), into: tenant, dedupe: .skip,
                country: folder["leads.country"],
                mapping: [:], call)
            bar.clear()
        }
    }

    private static func beginRecords(
        of folder: SampleFolder, in tenant: TenantID, _ app: App, by actor: Actor
    ) async throws {
        if let text = try folder.text("work.file") {
            let work = try SampleWork(text), currency = folder["agency.currency"] ?? "USD"
            try await app.database.write(tenant) { try work.begin(in: $0, currency: currency, by: actor) }
        }
        if let text = try folder.text("records.file") {
            let records = try SampleRecords(text)
            try await app.database.write(tenant) { try records.begin(in: $0, by: actor) }
        }
        if let text = try folder.text("support.file") {
            let (support, outbox) = (try SampleSupport(text), app.outbox)
            try await app.database.write(tenant) { try support.begin(with: outbox, in: $0, by: actor) }
        }
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

    private static func make(_ app: App, _ folder: SampleFolder) async throws -> TenantID {
        var command = TenantCreateCommand()
        (command.name, command.timeZone, command.currency, command.country) = (
            folder.name, folder["agency.time_zone"], folder["agency.currency"], folder["leads.country"]
        )
        let made = try await command.work(app, FolderCall(workingFolder: ".", isAlone: false) { _ in })
        return TenantID(rawValue: made["id"]?.text ?? "")
    }
}

/// The folder that describes the agency: `agency.yaml`, and the files that it names.
private struct SampleFolder: Sendable {
    let path: String
    private let values: [String: String]

    init() throws {
        guard let folder = installed("Config/demo"), let text = try readText(folder + "/agency.yaml") else {
            throw CommandFailure(
                "Config/demo/agency.yaml is missing", "Run the command in the project's folder.")
        }
        path = folder
        values = Dictionary(
            try YAMLFile.parse(text).compactMap { value in
                if case .text(let text) = value.content { (value.name, text) } else { nil }
            }
        ) { first, _ in first }
    }

    subscript(_ name: String) -> String? { values[name] }

    var name: String { values["agency.name"] ?? "Sample" }
    var ownerEmail: String { values["owner.email"] ?? "owner@sample.example" }

    /// The path of a file that `agency.yaml` names.
    func path(_ name: String) -> String? { values[name].map { path + "/" + $0 } }

    /// The text of a file that `agency.yaml` names.
    func text(_ name: String) throws -> String? { try path(name).flatMap { try readText($0) } }
}

/// A new file for its owner alone.
func writeFile(_ text: String, to path: String) throws(FileError) {
    let file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw FileError(path, .last) }
    Terminal.write(text, to: file)
    close(file)
}
