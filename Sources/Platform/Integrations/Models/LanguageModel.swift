internal import Agents
internal import Cryptography
package import Database
package import Intelligence
internal import JSON
internal import Jobs
internal import Nouns
package import Records
internal import Telemetry
internal import Tenancy

/// A model that an agency lets its agents ask, on any server that speaks OpenAI's interface.
package struct LanguageModel: ManagedRecord {
    package var head = Head<LanguageModel>()
    package var name = ""
    package var baseURL = ""
    package var model = ""
    package var hasKey = false
    package var inputPrice: Money?
    package var outputPrice: Money?
    package var timeout = "PT1M"
    package var supportsTools = true
    package var supportsSchema = true
    package var supportsTemperature = true
    package var position = 100
    package var agents: [String] = []
    package var redact = true
    package var isEnabled = true
    package var sealedKey: String?

    package init() {}

    package static let idPrefix = "model"
    package static let resource = Resource<LanguageModel>(
        "models", named: "Model", rule: .everyone,
        [
            .text(
                "name", \.name, max: 100, .required, .filterable, .sortable,
                .about("The agency's name for it."), .example("mini")),
            .text(
                "base_url", \.baseURL, max: 2000, .required,
                .about("The address of the model's server, up to /v1. Changing it deletes the key."),
                .example("https://api.openai.com/v1")),
            .text(
                "model", \.model, max: 200, .required, .about("The name of the model on its server."),
                .example("gpt-4o-mini")),
            .boolean(
                "has_key", \.hasKey, .readOnly,
                .about("Whether a key is set; it is set by api_key and never shown.")),
            .money("input_price", \.inputPrice, .about("The price of a million input tokens.")),
            .money("output_price", \.outputPrice, .about("The price of a million output tokens.")),
            .text(
                "timeout", \.timeout, max: 20, .standard("PT1M"),
                .about("How long one request may take, up to PT2M.")),
            .boolean("supports_tools", \.supportsTools, .about("Whether the model can call tools.")),
            .boolean(
                "supports_schema", \.supportsSchema,
                .about(
                    "Whether the server accepts a JSON schema; otherwise the schema is put into the prompt.")),
            .boolean(
                "supports_temperature", \.supportsTemperature,
                .about("Whether the server accepts a temperature; some reasoning models refuse it.")),
            .integer(
                "position", \.position, in: 1...1000, .filterable, .sortable,
                .about("The model's place in the chain: the lowest is asked first, the next when it fails.")),
            .texts(
                "agents", \.agents, max: 100,
                .about(
                    "The agents that use the model; agents that are named for a model use only such models. Empty: all other agents."
                )),
            .boolean(
                "redact", \.redact, .about("Email addresses and long numbers are replaced by marks.")),
            .boolean("enabled", \.isEnabled, .filterable, .about("Whether the model is used.")),
            .text("sealed_key", \.sealedKey, max: 2000, .secret),
        ])

    static let perTenantMax = 50
    static let keyLengthMax = 500
    private static let timeoutMax: Duration = .seconds(120)

    private var timeLimit: Duration? {
        Duration(iso8601: timeout).flatMap { $0 >= .seconds(1) && $0 <= Self.timeoutMax ? $0 : nil }
    }

    package func prepare(replacing old: LanguageModel?, by actor: Actor, in tx: Transaction) throws {
        if old == nil {
            let count = try tx.int("SELECT count(*) FROM models WHERE tenant_id = \(tx.tenant)") ?? 0
            guard count < Self.perTenantMax else {
                throw Problem(
                    .conflict, "An agency may have at most \(Self.perTenantMax) models: delete one first.")
            }
        }
        var faults = Faults()
        if timeLimit == nil {
            faults.add(
                "/timeout", "invalid_duration", "timeout must be a duration from PT1S to PT2M, such as PT30S."
            )
        }
        let currency = try tx.agency.tenant().currency
        for (pointer, price) in [("/input_price", inputPrice), ("/output_price", outputPrice)] {
            guard let price else { continue }
            if price.currency != currency {
                faults.add(
                    "\(pointer)/currency", "invalid_currency",
                    "\(pointer.pointedMember) must be in \(currency), the agency's currency.")
            }
            if !(0...1_000_000_00).contains(price.amount) {
                faults.add(
                    "\(pointer)/amount", "out_of_range",
                    "\(pointer.pointedMember) must be from 0 to 100000000 minor units.")
            }
        }
        for (index, name) in agents.enumerated() where tx.runtime.agents[name] == nil {
            faults.add(
                "/agents/\(index)", "invalid_choice", "The agent \(name.prefix(64)) does not exist.",
                choices: tx.runtime.agents.all.map(\.name).sorted())
        }
        try faults.throwIfAny()
    }

    /// Returns whether it can be asked now is seen when it is.
    package func saved(replacing old: LanguageModel?, by actor: Actor, in tx: Transaction) throws {
        try tx.alerts.resolve(kind: ModelAlert.kind, subject: subject)
    }

    package func deleted(by actor: Actor, in tx: Transaction) throws {
        try tx.alerts.resolve(kind: ModelAlert.kind, subject: subject)
        try tx.connectors.forget(id)
    }

    /// Takes a new key, or with `nil` none.
    mutating func setKey(_ key: String?, _ sealing: SecretSealing, _ tenant: TenantID) throws {
        sealedKey = try key.map { Base64.encode(try sealing.close(Array($0.utf8), tenant)) }
        hasKey = key != nil
    }

    /// As the gateway asks it; opens the key.
    func route(_ sealing: SecretSealing, _ tenant: TenantID) throws -> ModelRoute {
        let key = try sealedKey.map { text in
            String(decoding: try sealing.open(Base64.decode(text) ?? [], tenant), as: UTF8.self)
        }
        var route = ModelRoute(name: name, baseURL: baseURL, key: key ?? "", model: model)
        let unit = Budget.microsPerMinorUnit
        (route.id, route.position) = (id.keyText, position)
        route.price = ModelPrice(
            input: (inputPrice?.amount ?? 0) * unit, output: (outputPrice?.amount ?? 0) * unit)
        route.deadline = timeLimit ?? .seconds(60)
        route.redacts = redact
        route.abilities.hasTools = supportsTools
        route.abilities.hasSchemas = supportsSchema
        route.abilities.takesTemperature = supportsTemperature
        route.abilities.takesCompletionTokens = route.isOfOpenAI
        return route
    }
}

extension ModelRoute {
    /// OpenAI's own servers refuse the one name of a bound, most others know nothing of the other.
    fileprivate var isOfOpenAI: Bool { baseURL.lowercased().hasPrefix("https://api.openai.com/") }
}

extension PlatformServices {
    /// The installation's own model, as agencies ask it that have none; `nil` where its variables name none.
    var sharedModel: ModelRoute? {
        settings.sharedModel.map { base, key, name in
            var route = ModelRoute(name: "openai", baseURL: base, key: key, model: name)
            (route.id, route.redacts) = ("shared_openai", true)
            route.abilities.takesCompletionTokens = route.isOfOpenAI
            return route
        }
    }

    /// The models that an agent asks, in their order: those that name it; where none does, those that name nobody. An
    /// agency that has set up none asks the installation's.
    package func modelChain(of agent: String, _ tenant: TenantID) throws -> [ModelRoute] {
        let all = try database.read(tenant) { reader in
            try LanguageModel.resource.all(where: "1 = 1", suffix: "ORDER BY position, id", in: reader)
        }
        guard !all.isEmpty else { return sharedModel.map { [$0] } ?? [] }
        let models = all.filter(\.isEnabled), own = models.filter { $0.agents.contains(agent) }
        return try (own.isEmpty ? models.filter(\.agents.isEmpty) : own).map { try $0.route(secrets, tenant) }
    }
}
