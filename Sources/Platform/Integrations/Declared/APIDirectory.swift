package import JSON
package import Records

/// The outside services as whoever runs the installation has set them, for all agencies: `api_config.json`.
package struct APIDirectory: Sendable {
    package private(set) var entries: [APIEntry] = []

    package init() {}

    package subscript(name: String) -> APIEntry? { entries.first { $0.name == name } }

    /// The entries that are connectors, declared for every agency.
    package var connectors: [ConnectorDocument] { entries.filter(\.isEnabled).compactMap(\.connector) }

    /// Reads the file's document. Faults are at pointers within it. `providers`: the names of what is no connector,
    /// beside those that the file is made with; asked for only where it has others.
    package static func read(
        _ document: JSON, providers: @autoclosure () -> Set<String>
    ) -> (directory: APIDirectory, faults: [Fault]) {
        var directory = APIDirectory(), faults = Faults()
        guard let document = document.object, let apis = document["apis"]?.object else {
            faults.add("/apis", "required", "apis must be an object of services by their names.")
            return (directory, faults.list)
        }
        for name in document.keys where name != "apis" {
            faults.add("/\(name.pointerToken)", "unknown_field", "\(name.prefix(64)) is not known: apis is.")
        }
        for (name, value) in apis.members {
            guard let members = value.object else {
                faults.add(
                    "/apis/\(name.pointerToken)", "wrong_type", "\(name.prefix(64)) must be an object.")
                continue
            }
            let isProvider = standardNames.contains(name) || providers().contains(name)
            directory.entries.append(APIEntry(name, members, isProvider: isProvider, &faults))
        }
        return (directory, faults.list)
    }

    /// The file as it is made at the first start.
    package static var standard: JSON {
        let entries = standards.map { entry -> (String, JSON) in
            (
                entry.name,
                [
                    "base_url": .string(entry.baseURL), "auth": entry.auth,
                    "limits": [
                        "minute": JSON(entry.minute), "hour": nil, "day": nil, "month": JSON(entry.month),
                    ],
                    "price": nil, "priority": JSON(entry.priority), "enabled": true, "features": [:],
                ]
            )
        }
        return ["apis": .object(JSONObject(entries))]
    }

    /// The names of the services that the file is made with.
    package static let standardNames = Set(standards.map(\.name))

    /// The priority that the file is made with.
    static func standardPriority(of name: String) -> Int? { standards.first { $0.name == name }?.priority }

    private typealias Standard = (
        name: String, baseURL: String, auth: JSON, minute: Int?, month: Int?, priority: Int
    )

    private static let standards: [Standard] = [
        ("abstract_email", "https://emailvalidation.abstractapi.com", key("api_key"), 60, 100, 10),
        ("maileroo_verify", "https://verify.maileroo.net", header("X-API-Key"), 600, 250, 20),
        ("hunter", "https://api.hunter.io", key("api_key"), 50, nil, 30),
        ("abstract_company", "https://companyenrichment.abstractapi.com", key("api_key"), 60, 100, 10),
        ("people_data_labs", "https://api.peopledatalabs.com", header("X-Api-Key"), 100, 100, 20),
        ("apollo", "https://api.apollo.io", header("X-Api-Key"), 50, nil, 30),
        ("google_places", "https://places.googleapis.com", header("X-Goog-Api-Key"), 600, nil, 10),
        (
            "apideck", "https://unify.apideck.com",
            ["kind": "bearer", "credential": "api_key", "app_id": nil], nil, 2500, 10
        ),
    ]

    private static func key(_ parameter: String) -> JSON {
        ["kind": "query", "parameter": .string(parameter), "credential": "api_key"]
    }

    private static func header(_ name: String) -> JSON {
        ["kind": "header", "header": .string(name), "credential": "api_key"]
    }
}

/// One service of `api_config.json`.
package struct APIEntry: Sendable {
    package let name: String
    package let baseURL: String?
    /// The limits on calls with the installation's own key; an agency's integration has its own limits.
    package let limits: IntegrationLimits
    package let price: Money?
    package let priority: Int
    package let isEnabled: Bool
    package let features: JSONObject
    /// The parts of `auth` that name the installation's account, such as `app_id`, beside the key.
    let account: [String: String]
    /// The connector of an entry that is no provider of the product.
    package let connector: ConnectorDocument?

    fileprivate init(_ name: String, _ members: JSONObject, isProvider: Bool, _ faults: inout Faults) {
        let place = "/apis/\(name.pointerToken)"
        self.name = name
        var own: JSONObject = [:]
        for (key, value) in members.members where Self.known.contains(key) { own.append(key, value) }
        var settings = APISettings(), found = Faults()
        APISettings.schema.create(&settings, from: own, faults: &found)
        if let base = settings.baseURL, !["https://", "http://"].contains(where: { base.hasPrefix($0) }) {
            found.add("/base_url", "invalid_url", "base_url must begin with https:// or http://.")
        }
        (baseURL, limits, price) = (settings.baseURL, settings.limits, settings.price)
        (priority, isEnabled) = (settings.priority, settings.isEnabled)
        features = settings.features
        account = (members["auth"]?.object?.members ?? []).reduce(into: [:]) { account, member in
            if let text = member.value.text { account[member.key] = text }
        }
        if isProvider {
            for key in members.keys where !Self.known.contains(key) && key != "auth" {
                found.add(
                    "/\(key.pointerToken)", "unknown_field",
                    "\(key.prefix(64)) is not known: base_url, auth, \(Self.known.dropFirst().joined(separator: ", ")) are."
                )
            }
            if let auth = members["auth"], auth.object == nil {
                found.add("/auth", "wrong_type", "auth must be an object.")
            }
            connector = nil
        } else {
            if !name.isConnectorName {
                found.add("", "invalid_key", "A connector's name must have small letters, digits and _ only.")
            }
            var document: JSONObject = [:]
            for (key, value) in members.members where key == "base_url" || !Self.known.contains(key) {
                document.append(key, value)
            }
            let (connector, more) = ConnectorReading.read(document, named: name)
            self.connector = connector
            let pointers = Set(found.list.map(\.pointer))
            found.add(contentsOf: more.list.filter { !pointers.contains($0.pointer) })
        }
        faults.add(
            contentsOf: found.list.map { Fault(place + $0.pointer, $0.code, $0.detail, choices: $0.choices) })
    }

    private static let known = ["base_url", "limits", "price", "priority", "enabled", "features"]
}

/// The members that every entry of the file may have.
private struct APISettings: Declared {
    var baseURL: String?
    var limits = IntegrationLimits()
    var price: Money?
    var priority = 100
    var isEnabled = true
    var features: JSONObject = [:]

    static let schema = Schema<APISettings>(
        "APISettings",
        [
            .text("base_url", \.baseURL, max: 500, .about("Where the service is.")),
            .part("limits", \.limits, .about("How often it may be asked with the installation's key.")),
            .money("price", \.price, .about("The price of a thousand calls.")),
            .integer(
                "priority", \.priority, in: 1...1000, .standard(100), .about("The lowest is asked first.")),
            .boolean("enabled", \.isEnabled, .standard(true), .about("Whether agencies can connect it.")),
            .document(
                "features", \.features,
                .about("The uses of the service, by capability: false switches one off.")),
        ])
}
