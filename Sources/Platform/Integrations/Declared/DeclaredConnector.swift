internal import Agents
package import Database
package import JSON
internal import Nouns
package import Records

/// A connector that an agency has declared: one row of `connectors`. Its provider is `custom.<name>`.
package struct DeclaredConnector: ManagedRecord {
    package var head = Head<DeclaredConnector>()
    package var name = ""
    package var title: String?
    package var baseURL: String?
    package var auth: JSONObject = [:]
    package var test = JSON.null
    package var objects = JSON.array([])
    package var capabilities: [String] = []
    package var headers: JSONObject = [:]
    package var credentials = JSON.array([]), settings = JSON.array([])
    package var consent = JSON.null, hooks = JSON.null
    package var limits: JSONObject = [:]
    package var price = JSON.null
    package var errors = JSON.array([])

    package init() {}

    package static let idPrefix = "conn", noun = "connector"
    package static let writing = Permission("integrations:write")
    package static let resource = Resource<DeclaredConnector>(
        "connectors", named: "Connector", rule: .everyone,
        [
            .text(
                "name", \.name, max: 40, .required, .writeOnce, .filterable, .sortable, .example("acme_crm"),
                .about("The name; the provider of its integrations is custom.<name>.")),
            .text(
                "title", \.title, max: 200, .example("Acme CRM"), .about("The service's name, for people.")),
            .text(
                "base_url", \.baseURL, max: 500, .example("https://api.acme.example"),
                .about("Where the service is, unless an integration says otherwise.")),
            .document(
                "auth", \.auth, .required, .example(["kind": "bearer", "credential": "token"]),
                .about("How the service knows who asks: bearer, header, query, basic or none.")),
            .document(
                "test", \.test, schema: ["type": ["object", "null"]],
                .about("A request that only those may make whom the service knows: method, path and query.")),
            .document(
                "objects", \.objects, schema: ["type": "array", "items": ["type": "object"]],
                .about("The service's records: how they are listed, found and written, and their fields.")),
            .texts(
                "capabilities", \.capabilities, max: 10, length: 40, .added(in: 870),
                .about("The purposes of the connector: crm and projects, where it names nothing.")),
            .document(
                "headers", \.headers, .added(in: 870),
                .about("Headers that every request has; their texts may name settings and credentials.")),
            .document(
                "credentials", \.credentials, schema: list, .added(in: 870),
                .about("Credentials beside those of auth, and what people are told of each.")),
            .document(
                "settings", \.settings, schema: list, .added(in: 870),
                .about("Settings of an integration, which the connector's texts name as settings.<name>.")),
            .document(
                "consent", \.consent, schema: ["type": ["object", "null"]], .added(in: 870),
                .about("How the owner of an account lets us in (OAuth 2).")),
            .document(
                "hooks", \.hooks, schema: ["type": ["object", "null"]], .added(in: 870),
                .about(
                    "The webhooks of the service: how they are verified, and which records they are about.")),
            .document(
                "limits", \.limits, .added(in: 870),
                .about("The limits that an integration has unless it says otherwise.")),
            .document(
                "price", \.price, schema: ["type": ["object", "null"]], .added(in: 870),
                .about("The price of a thousand calls, likewise.")),
            .document(
                "errors", \.errors, schema: list, .added(in: 870),
                .about("The meaning of refusals, where their status does not tell.")),
        ])

    private static let list: JSON = ["type": "array", "items": ["type": "object"]]

    private static let perTenantMax = 100
    static let prefix = "custom."

    var provider: String { Self.prefix + name }

    package func prepare(replacing old: DeclaredConnector?, by actor: Actor, in tx: Transaction) throws {
        guard old == nil else { return }
        if try tx.integrations.connector(named: name) != nil {
            throw Problem(
                .alreadyExists, "The connector \(name) exists already: change it, or choose another name.")
        }
        let count = try tx.int("SELECT count(*) FROM connectors WHERE tenant_id = \(tx.tenant)") ?? 0
        guard count < Self.perTenantMax else {
            throw Problem(
                .conflict, "An agency may have at most \(Self.perTenantMax) connectors: delete one first.")
        }
    }

    package func saved(replacing old: DeclaredConnector?, by actor: Actor, in tx: Transaction) throws {
        tx.notify(Integration.changed, tx.tenant.rawValue)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        let uses =
            try tx.int(
                "SELECT count(*) FROM integrations WHERE tenant_id = \(tx.tenant) AND provider = \(provider)")
            ?? 0
        guard uses == 0 else {
            throw Problem(.conflict, "\(uses) integrations use the connector \(name): delete them first.")
        }
    }

    // MARK: Document

    /// The connector as it was written.
    private var document: JSONObject {
        var document: JSONObject = ["name": .string(name), "auth": .object(auth), "objects": objects]
        if let title { document.append("title", .string(title)) }
        if let baseURL { document.append("base_url", .string(baseURL)) }
        for (name, value) in [
            ("test", test), ("consent", consent), ("hooks", hooks), ("price", price),
            ("capabilities", JSON(capabilities)), ("headers", .object(headers)), ("limits", .object(limits)),
            ("credentials", credentials), ("settings", settings), ("errors", errors),
        ] where !value.isNull && value.array?.isEmpty != true && value.object?.isEmpty != true {
            document.append(name, value)
        }
        return document
    }

    /// Adds the faults of what the fields alone cannot say.
    func check(_ faults: inout Faults) {
        let known = Set(faults.list.map(\.pointer))
        faults.add(contentsOf: ConnectorReading.read(document).1.list.filter { !known.contains($0.pointer) })
    }

    /// The connector as it is used; `nil` where an earlier release has let through what is a fault now.
    var connector: ConnectorDocument? { ConnectorReading.read(document).0 }

    static let migration = Migration(number: 252, name: "connectors as data") { dialect in
        resource.creation(dialect) + [
            "CREATE UNIQUE INDEX connectors_name ON connectors (tenant_id, name)"
        ]
    }

    static let partsMigration = Migration(number: 870, name: "more parts of connectors as data") { dialect in
        resource.addition(in: 870)
    }
}

extension IntegrationStore {
    func connector(named name: String) throws -> DeclaredConnector? {
        try DeclaredConnector.resource.first(where: "name = \(name)", in: tx)
    }

    func allConnectors() throws -> [DeclaredConnector] {
        try DeclaredConnector.resource.all(where: "1 = 1", suffix: "ORDER BY name", in: tx)
    }
}
