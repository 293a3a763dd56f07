internal import Agents
internal import JSON
internal import Records

/// Reads a connector from a document, and finds every fault of it at its place.
struct ConnectorReading {
    var faults = Faults()
    /// The settings that the document declares, as names of texts.
    private(set) var settingNames: [String] = []
    /// The credentials, likewise.
    private(set) var credentialNames: [String] = []
    private(set) var objectNames: [String] = []
    private var standards: [String: String] = [:]

    /// Returns the connector; `nil` where the document has faults. `name`: where it is not in the document.
    static func read(_ document: JSONObject, named name: String? = nil) -> (ConnectorDocument?, Faults) {
        var reading = ConnectorReading()
        let connector = reading.connector(document, named: name)
        return (reading.faults.isEmpty ? connector : nil, reading.faults)
    }

    private mutating func connector(_ document: JSONObject, named given: String?) -> ConnectorDocument {
        let part = Part(
            document, "",
            [
                "title", "base_url", "capabilities", "auth", "consent", "headers", "credentials", "settings",
                "limits", "price", "errors", "test", "objects", "hooks",
            ] + (given == nil ? ["name"] : []))
        check(unknown: part)
        let name = given ?? text("name", of: part, isRequired: true) ?? ""
        if !name.isEmpty, !name.isConnectorName {
            faults.add(
                "/name", "invalid_key",
                "name must have small letters, digits and _ only, begin with a letter, and have at most 40.")
        }
        let title = text("title", of: part) ?? name
        let base = text("base_url", of: part)
        let auth = auth(part)
        let extra = part.list("credentials", &faults).map { credential($0.item, $0.place) }
        let settings = part.list("settings", &faults).map { setting($0.item, $0.place) }
        settingNames = settings.map { "settings.\($0.name)" }
        credentialNames = Set(auth.credentials + extra.map(\.name)).sorted()
        let consent = part.object("consent", &faults).map { self.consent($0) }
        let limits = limits(part)
        let named = part.list("objects", &faults).map { $0.item["name"]?.text ?? "" }
        objectNames = named
        let headers = headers(part)
        let errors = part.list("errors", &faults).map { error($0.item, $0.place) }
        let test = part.object("test", &faults).map { question($0, "/test", method: "GET", names: []) }
        var objects: [ConnectorObject] = []
        for (place, item) in part.list("objects", &faults) { objects.append(object(item, place)) }
        for (index, object) in objects.enumerated()
        where objects[..<index].contains(where: { $0.name == object.name }) {
            faults.add(
                "/objects/\(index)/name", "already_exists", "Two objects have the name \(object.name).")
        }
        let hooks = part.object("hooks", &faults).map { self.hooks($0) }
        return ConnectorDocument(
            name: name, title: title, capabilities: capabilities(part), baseURL: base, auth: auth,
            consent: consent, headers: headers,
            credentials: credentials(auth, consent, extra, title), settings: settings, standards: standards,
            limits: limits.own, price: limits.price, sharesQuota: limits.isShared, told: limits.told,
            errors: errors, test: test, objects: objects, hooks: hooks)
    }

    private mutating func capabilities(_ part: Part) -> Set<Capability> {
        let texts = texts("capabilities", of: part)
        guard !texts.isEmpty else { return [.crm, .projects] }
        return Set(
            texts.enumerated().compactMap { index, text in
                if let known = Capability(rawValue: text) { return known }
                faults.add(
                    "/capabilities/\(index)", "invalid_choice",
                    "Each of capabilities must be one of \(Capability.choices.joined(separator: ", ")).",
                    choices: Capability.choices)
                return nil
            })
    }

    // MARK: Credentials and settings

    private mutating func auth(_ part: Part) -> ConnectorAuth {
        guard let document = part.object("auth", &faults, isRequired: true) else { return .none }
        let auth = Part(
            document, "/auth",
            ["kind", "credential", "header", "value", "parameter", "parameters", "username", "password"])
        check(unknown: auth)
        func name(_ member: String, _ reading: inout ConnectorReading, isRequired: Bool = true) -> String {
            let text = reading.text(member, of: auth, isRequired: isRequired) ?? ""
            reading.check(name: text, "/auth/\(member)")
            return text
        }
        switch choice("kind", of: auth, among: ConnectorAuth.kinds, isRequired: true) {
        case "bearer": return .bearer(credential: name("credential", &self))
        case "header":
            let header = text("header", of: auth, isRequired: true) ?? ""
            if !header.isEmpty, !WebAccounts.canSet(header: header) {
                faults.add("/auth/header", "invalid_key", "header must be a header that can be set.")
            }
            guard let value = text("value", of: auth).map({ ConnectorText($0) }) else {
                return .header(name: header, value: ConnectorText("{{ \(name("credential", &self)) }}"))
            }
            if !value.isWellFormed || !value.names.allSatisfy(\.isConnectorName) || value.names.isEmpty {
                faults.add("/auth/value", "unknown_name", "value must name credentials, as {{ token }}.")
            }
            return .header(name: header, value: value)
        case "query":
            if let pairs = auth.object("parameters", &faults) {
                return .query(
                    parameters: pairs.members.map { member, value in
                        check(name: value.text ?? "-", "/auth/parameters/\(member.pointerToken)")
                        return .init(name: member, credential: value.text ?? "")
                    })
            }
            let parameter = text("parameter", of: auth, isRequired: true) ?? ""
            return .query(parameters: [.init(name: parameter, credential: name("credential", &self))])
        case "basic":
            return .basic(
                username: name("username", &self), password: name("password", &self, isRequired: false))
        default: return .none
        }
    }

    private mutating func credential(_ document: JSONObject, _ place: String) -> CredentialField {
        let part = Part(document, place, ["name", "required", "proves_hooks", "about"])
        check(unknown: part)
        let name = text("name", of: part, isRequired: true) ?? ""
        check(name: name, "\(place)/name")
        return CredentialField(
            name, required: flag("required", of: part, standard: true),
            provesHooks: flag("proves_hooks", of: part), text("about", of: part) ?? "")
    }

    private mutating func setting(_ document: JSONObject, _ place: String) -> SettingField {
        let part = Part(document, place, ["name", "required", "about", "choices", "standard"])
        check(unknown: part)
        let name = text("name", of: part, isRequired: true) ?? ""
        check(name: name, "\(place)/name")
        if name == "base_url" {
            faults.add("\(place)/name", "already_exists", "Every integration has the setting base_url.")
        }
        let choices = texts("choices", of: part)
        if let standard = text("standard", of: part) { standards[name] = standard }
        return SettingField(
            name, choices.isEmpty ? .text(max: 300) : .choice(choices),
            required: flag("required", of: part), text("about", of: part) ?? name)
    }

    /// All credentials, with the words of the document where it has some. Where the owner may consent, no single one
    /// has to be given.
    private func credentials(
        _ auth: ConnectorAuth, _ consent: ConnectorConsent?, _ extra: [CredentialField], _ title: String
    ) -> [CredentialField] {
        var fields: [CredentialField] = []
        func add(_ field: CredentialField) {
            if !fields.contains(where: { $0.name == field.name }) { fields.append(field) }
        }
        for name in auth.credentials {
            let told = extra.first { $0.name == name }
            add(
                CredentialField(
                    name, required: consent == nil && (told?.isRequired ?? true),
                    provesHooks: told?.provesHooks ?? false,
                    told?.about ?? "The agency's \(name) at \(title)."))
        }
        extra.forEach(add)
        guard let consent else { return fields }
        for field in OAuthCredential.fields where consent.authorize != nil {
            add(CredentialField(field.name, required: false, field.about))
        }
        if consent.assertion != nil {
            add(
                CredentialField(
                    ConnectorAssertion.key, required: false, "The application's private key, as PEM."))
        }
        add(CredentialField(OAuthCredential.access, required: false, "Comes by itself."))
        add(CredentialField(OAuthCredential.expiry, required: false, "The same."))
        return fields
    }

    private mutating func consent(_ document: JSONObject) -> ConnectorConsent {
        let part = Part(
            document, "/consent",
            [
                "authorize", "token", "scopes", "parameters", "client", "format", "base_url", "assertion",
            ])
        check(unknown: part)
        let extra = (part.object("parameters", &faults)?.members ?? []).map { ($0.key, $0.value.text ?? "") }
        let base = part.object("base_url", &faults).map { document in
            let part = Part(document, "/consent/base_url", ["at", "hosts"])
            check(unknown: part)
            return (
                at: pointer("at", of: part, isRequired: true) ?? .whole,
                hosts: texts("hosts", of: part, isRequired: true)
            )
        }
        let assertion = part.object("assertion", &faults).map { document in
            let place = "/consent/assertion"
            let part = Part(document, place, ["issuer", "subject", "audience", "scope", "seconds"])
            check(unknown: part)
            let names = credentialNames + settingNames
            func text(_ member: String, _ reading: inout ConnectorReading, isRequired: Bool) -> ConnectorText?
            {
                let text = reading.text(member, of: part, isRequired: isRequired).map { ConnectorText($0) }
                if let text { reading.check(text, "\(place)/\(member)", names) }
                return text
            }
            return ConnectorAssertion(
                issuer: text("issuer", &self, isRequired: true) ?? ConnectorText(""),
                subject: text("subject", &self, isRequired: false),
                audience: text("audience", &self, isRequired: true) ?? ConnectorText(""),
                scope: text("scope", &self, isRequired: false),
                lifetime: .seconds(number("seconds", of: part, in: 30...3600) ?? 180))
        }
        func address(_ member: String, _ reading: inout ConnectorReading, isRequired: Bool) -> ConnectorText?
        {
            let text = reading.text(member, of: part, isRequired: isRequired).map { ConnectorText($0) }
            if let text { reading.check(text, "/consent/\(member)", reading.settingNames) }
            return text
        }
        return ConnectorConsent(
            authorize: address("authorize", &self, isRequired: assertion == nil),
            token: address("token", &self, isRequired: true) ?? ConnectorText(""),
            scopes: texts("scopes", of: part), extra: extra,
            client: choice("client", of: part, among: ConnectorConsent.Client.allCases.map(\.rawValue))
                .flatMap { .init(rawValue: $0) } ?? .body,
            isJSON: choice("format", of: part, among: ["form", "json"]) == "json", base: base,
            assertion: assertion)
    }

    private mutating func headers(_ part: Part) -> [(name: String, value: ConnectorText)] {
        (part.object("headers", &faults)?.members ?? []).map { name, value in
            let place = "/headers/\(name.pointerToken)"
            if !WebAccounts.canSet(header: name) {
                faults.add(place, "invalid_key", "\(name.prefix(64)) must be a header that can be set.")
            }
            if value.text?.isHeaderValue != true {
                faults.add(place, "wrong_type", "\(name.prefix(64)) must be a text on one line.")
            }
            let text = ConnectorText(value.text ?? "")
            check(text, place, ["tenant"] + settingNames + credentialNames.map { "credentials.\($0)" })
            return (name, text)
        }
    }

    // MARK: Limits and errors

    private mutating func limits(
        _ part: Part
    ) -> (own: IntegrationLimits, price: Money?, isShared: Bool, told: ConnectorLimitHeaders) {
        var limits = IntegrationLimits(), told = ConnectorLimitHeaders(), isShared = false
        if let document = part.object("limits", &faults) {
            let part = Part(document, "/limits", ["minute", "hour", "day", "month", "shared", "headers"])
            check(unknown: part)
            let range: ClosedRange<Int64> = 1...1_000_000_000
            limits.minute = number("minute", of: part, in: range).map { Int($0) }
            limits.hour = number("hour", of: part, in: range).map { Int($0) }
            limits.day = number("day", of: part, in: range).map { Int($0) }
            limits.month = number("month", of: part, in: range).map { Int($0) }
            isShared = flag("shared", of: part)
            if let document = part.object("headers", &faults) {
                let part = Part(
                    document, "/limits/headers", ["limit", "left", "reset", "reset_milliseconds", "used"])
                check(unknown: part)
                (told.limit, told.left) = (text("limit", of: part), text("left", of: part))
                (told.reset, told.used) = (text("reset", of: part), text("used", of: part))
                told.resetMilliseconds = text("reset_milliseconds", of: part)
            }
        }
        var price: Money?
        if let document = part.object("price", &faults) {
            let part = Part(document, "/price", ["amount", "currency"])
            check(unknown: part)
            let amount = number("amount", of: part, in: 0...1_000_000_000_000, isRequired: true)
            let code = text("currency", of: part, isRequired: true)
            if let code, Currency(code) == nil {
                faults.add("/price/currency", "invalid_choice", "currency must be one of ISO 4217.")
            }
            if let amount, let code { price = Money(amount: amount, currency: code) }
        }
        return (limits, price, isShared, told)
    }

    private mutating func error(_ document: JSONObject, _ place: String) -> ConnectorErrorRule {
        let part = Part(
            document, place,
            [
                "status", "at", "header", "holds", "is", "code", "wait", "wait_at", "wait_header",
                "ignores_retry_after", "field",
            ])
        check(unknown: part)
        return ConnectorErrorRule(
            status: number("status", of: part, in: 100...599).map { Int($0) },
            at: pointer("at", of: part), holds: text("holds", of: part), equals: text("is", of: part),
            header: text("header", of: part),
            code: choice(
                "code", of: part, among: ConnectorErrorRule.Code.allCases.map(\.rawValue), isRequired: true
            ).flatMap { .init(rawValue: $0) } ?? .refused,
            wait: number("wait", of: part, in: 1...2_678_400).map { .seconds($0) },
            waitAt: pointer("wait_at", of: part), waitHeader: text("wait_header", of: part),
            ignoresRetryAfter: flag("ignores_retry_after", of: part), field: pointer("field", of: part))
    }
}

extension String {
    /// Whether it can name a connector or a credential.
    var isConnectorName: Bool {
        (1...40).contains(utf8.count) && utf8.first.map { (0x61...0x7A).contains($0) } == true
            && utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}
