internal import Agents
internal import Cryptography
internal import Database
internal import Glibc
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy

struct TenantCreateCommand: FolderCommand {
    var name: String?
    var timeZone: String?
    var currency: String?
    var country: String?
    static let setsUp = true

    static let usage = Usage<TenantCreateCommand>(
        "tenant create", "Makes an agency.",
        [
            .option("name", \.name, "NAME", "The agency's name.", required: true),
            .option(
                "time-zone", \.timeZone, "ZONE",
                "The agency's time zone, such as Europe/Berlin; schedules follow it (UTC)."),
            .option("currency", \.currency, "CODE", "The currency of plain figures (USD)."),
            .option("country", \.country, "CODE", "Where it is: telephone numbers are read as of there."),
        ],
        details: "Give it an owner next: bureau user create --tenant ID --email E --role owner")

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        var body: JSONObject = ["name": JSON(name)]
        if let timeZone { body["time_zone"] = .string(timeZone) }
        if let currency { body["currency"] = .string(currency) }
        if let country { body["country"] = .string(country) }
        let fields = body
        return try await app.database.acrossTenantsWrite { [services = app.services] system in
            var tenant = Tenant.new(id: system.runtime.nextID(), now: system.now), faults = Faults()
            Tenant.schema.create(&tenant, from: fields, faults: &faults)
            try faults.throwIfAny()
            let tx = try system.acrossTenantsCreate(&tenant, by: .system)
            try services.seed(tx)
            return Tenant.schema.json(tenant)
        }
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        "\(result["id"]?.text ?? "")\n"
            + terminal.faint("\(result["name"]?.text ?? "") signs in as \(result["slug"]?.text ?? "").")
    }
}

struct TenantListCommand: FolderCommand {
    static let usage = Usage<TenantListCommand>("tenant list", "Lists the agencies.")

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        .array(try app.tenants().map { Tenant.schema.json($0) })
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        let rows = (result.array ?? []).map { tenant in
            ["id", "slug", "name", "status"].map { tenant[$0]?.text ?? "" }
        }
        guard !rows.isEmpty else { return "No agency exists yet: bureau tenant create --name NAME" }
        return table(["id", "slug", "name", "status"], rows, terminal)
    }
}

struct UserCreateCommand: FolderCommand {
    var tenant: String?
    var email: String?
    var name: String?
    var role: String? = "owner"
    var password: String?

    static let usage = Usage<UserCreateCommand>(
        "user create", "Makes someone who signs in to an agency.",
        [
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
            .option("email", \.email, "EMAIL", "The address to sign in with.", required: true),
            .option("name", \.name, "NAME", "The person's name (made from the address)."),
            .option(
                "role", \.role, "ROLE", "owner, manager, member, viewer, or a role of the agency (owner)."),
            .option("password", \.password, "PASSWORD", passwordAbout),
        ])

    static func complete(_ values: [ParsedValue], _ session: CommandSession) throws -> [ParsedValue] {
        try withPassword(values)
    }

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let tenant = try app.tenant(tenant)
        return try await app.createUser(
            in: tenant.tenantID, email: email ?? "", name: name, role: role ?? "", password: password ?? "")
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String { made(result, "user", terminal) }
}

struct AdminCreateCommand: FolderCommand {
    var email: String?
    var name: String?
    var password: String?
    static let setsUp = true

    static let usage = Usage<AdminCreateCommand>(
        "admin create", "Makes a platform administrator, who is outside the agencies.",
        [
            .option("email", \.email, "EMAIL", "The address to sign in with.", required: true),
            .option("name", \.name, "NAME", "The person's name (made from the address)."),
            .option("password", \.password, "PASSWORD", passwordAbout),
        ])

    static func complete(_ values: [ParsedValue], _ session: CommandSession) throws -> [ParsedValue] {
        try withPassword(values)
    }

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        try await app.createUser(
            in: .platform, email: email ?? "", name: name, role: "platform_admin", password: password ?? "")
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        made(result, "platform administrator", terminal)
    }
}

struct ResetPasswordCommand: FolderCommand {
    var email: String?
    var tenant: String?

    static let usage = Usage<ResetPasswordCommand>(
        "user reset-password", "Prints a link with which someone sets a new password, once.",
        [
            .positional("EMAIL", \.email, "The address that the person signs in with."),
            .option("tenant", \.tenant, "T", "The agency's id or slug, when the address has several."),
        ],
        details: "The link is good for an hour. It works for platform administrators, too.")

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let key = EmailAddress(email ?? "")?.key ?? (email ?? "").lowercased()
        let wanted = try tenant.map { try app.tenant($0).tenantID }
        let accounts = try app.database.acrossTenantsRead { reader in
            try reader.all("SELECT tenant_id, id FROM users WHERE email = \(key) AND status = 'active'") {
                (scope: TenantID(rawValue: $0.text(0)), user: UserID($0, 1))
            }
        }.filter { wanted == nil || $0.scope == wanted }
        guard let account = accounts.first else {
            throw CommandFailure(
                "no active user has the address \(email ?? "")",
                "Look at the agency's users; disabled ones cannot sign in.")
        }
        guard accounts.count == 1 else {
            let scopes = accounts.map(\.scope.rawValue).joined(separator: ", ")
            throw CommandFailure(
                "the address belongs to several agencies: \(scopes)", "Name one with --tenant.")
        }
        let user = try app.database.read(account.scope) { try User.resource.get(account.user, in: $0) }
        let link = try await Accounts(app.services).makeResetLink(for: user, in: account.scope)
        return [
            "link": .string(link), "user": JSON(account.user),
            "tenant": .string(account.scope.rawValue),
        ]
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String { result["link"]?.text ?? "" }
}

struct KeyCreateCommand: FolderCommand {
    var tenant: String?
    var name: String?
    var scopes: [String] = []
    var days = 0

    static let usage = Usage<KeyCreateCommand>(
        "key create", "Makes an API key, and prints its secret once.",
        [
            .option("tenant", \.tenant, "T", "The agency's id, or its slug.", required: true),
            .option("name", \.name, "NAME", "The purpose of the key.", required: true),
            .list(
                "scopes", \.scopes, "SCOPES", "The key's scopes, such as leads:read,leads:write.",
                required: true),
            .number("expires-in-days", \.days, "DAYS", in: 1...3650, "When it ends (never)."),
        ])

    func work(_ app: App, _ call: FolderCall) async throws -> JSON {
        let tenant = try app.tenant(tenant)
        let fields: JSONObject = ["name": JSON(name), "scopes": JSON(scopes)]
        return try await app.database.write(tenant.tenantID) { [days] tx in
            var key = APIKey.new(id: tx.nextID(), now: tx.now), faults = Faults()
            APIKey.schema.create(&key, from: fields, faults: &faults)
            try faults.throwIfAny()
            if days > 0 { key.expiresAt = tx.now + .seconds(days * 86_400) }
            let secret = try tx.apiKeys.create(&key, by: .system)
            return APIKey.schema.json(key).merging(["secret": .string(secret)])
        }
    }

    func text(_ result: JSON, _ terminal: Terminal) -> String {
        (result["secret"]?.text ?? "") + "\n"
            + terminal.faint("Keep it: it is not shown again. Its id is \(result["id"]?.text ?? "").")
    }
}

private let passwordAbout =
    "The password; - reads it from the standard input. Without it, the terminal is asked."

/// Asks for the password where it is missing. Arguments are seen by others on the machine; what is typed is not.
private func withPassword(_ values: [ParsedValue]) throws -> [ParsedValue] {
    let given = values.first { $0.name == "password" }?.text
    guard given == nil || given == "-" else { return values }
    let password: String?
    if given == nil, isatty(0) == 1 {
        password = ask("Password: ")
        guard ask("Again: ") == password else {
            throw CommandFailure("the two passwords differ", "Try again.")
        }
    } else if given == "-" {
        password = readLine(strippingNewline: true)
    } else {
        throw CommandFailure(
            "--password is missing", "Send --password, or --password - and write it to the standard input.")
    }
    guard let password, !password.isEmpty else { throw CommandFailure("the password is empty") }
    return values.filter { $0.name != "password" } + [ParsedValue(name: "password", text: password)]
}

/// Reads a line without showing it.
private func ask(_ question: String) -> String? {
    Terminal.write(question, to: 2)
    var settings = termios()
    tcgetattr(0, &settings)
    let before = settings
    settings.c_lflag &= ~tcflag_t(ECHO)
    tcsetattr(0, TCSAFLUSH, &settings)
    defer {
        var before = before
        tcsetattr(0, TCSAFLUSH, &before)
        Terminal.write("\n", to: 2)
    }
    return readLine(strippingNewline: true)
}

private func made(_ user: JSON, _ what: String, _ terminal: Terminal) -> String {
    "\(user["id"]?.text ?? "")\n" + terminal.faint("The \(what) \(user["email"]?.text ?? "") can sign in.")
}

extension App {
    /// The agency with this id or slug.
    func tenant(_ name: String?) throws -> Tenant {
        let name = name ?? ""
        let found = try database.acrossTenantsRead { reader in
            try reader.first("SELECT tenant_id FROM tenants WHERE id = \(name) OR slug = \(name)") {
                TenantID(rawValue: $0.text(0))
            }
        }
        guard let found else {
            throw CommandFailure(
                "the agency \(name) does not exist", "Run bureau tenant list to see all agencies.")
        }
        return try database.read(found) { try $0.agency.tenant() }
    }

    func tenants() throws -> [Tenant] {
        let ids = try database.acrossTenantsRead { reader in
            try reader.all("SELECT tenant_id FROM tenants WHERE sandbox_of IS NULL ORDER BY id") {
                TenantID(rawValue: $0.text(0))
            }
        }
        return try ids.map { id in try database.read(id) { try $0.agency.tenant() } }
    }

    func createUser(
        in scope: TenantID, email: String, name: String?, role: String, password: String
    ) async throws -> JSON {
        let name =
            name
            ?? email.prefix { $0 != "@" }.split { ".-_+".contains($0) }.map(\.capitalized).joined(
                separator: " ")
        var faults = Faults()
        if let weakness = PasswordPolicy.fault(in: password, personal: [email, name]) {
            faults.add("/password", "weak_password", weakness.reason)
        }
        let fields: JSONObject = [
            "email": .string(email), "name": .string(name.isEmpty ? email : name), "role": .string(role),
        ]
        var draft = User()
        User.schema.create(&draft, from: fields, faults: &faults)
        try faults.throwIfAny()
        let hash = try await services.hash(password)
        return try await database.write(scope) { tx in
            var user = User.new(id: tx.nextID(), now: tx.now), faults = Faults()
            User.schema.create(&user, from: fields, faults: &faults)
            user.passwordHash = hash
            guard try tx.users.find(email: user.email) == nil else {
                throw CommandFailure(
                    "the user \(user.email) already exists",
                    "Run bureau user reset-password \(user.email) to let them choose a new password.")
            }
            try tx.create(&user, by: .system)
            return User.schema.json(user)
        }
    }
}

extension Substring {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}

/// Columns under their titles.
func table(_ titles: [String], _ rows: [[String]], _ terminal: Terminal) -> String {
    let widths = titles.indices.map { column in ([titles] + rows).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String]) -> String {
        let padded = zip(cells, widths).map { $0.padded(to: $1) }.joined(separator: "  ")
        return String(padded.reversed().drop { $0 == " " }.reversed())
    }
    return ([terminal.faint(line(titles))] + rows.map(line)).joined(separator: "\n")
}
