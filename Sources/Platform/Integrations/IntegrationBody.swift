internal import HTTPClient
internal import JSON
internal import Records
internal import Tenancy

/// The credentials and settings in a body, checked against what the provider takes.
struct IntegrationBody {
    /// `nil` where the body names none.
    private(set) var credentials: [String: String?]?
    private static let valueMax = 20_000

    /// Takes `credentials` out of the body: nothing that keeps or shows bodies gets to see them.
    init(takingFrom body: inout JSONObject, _ faults: inout Faults) {
        // A list is what answers show; it is no more than sent back.
        guard let given = body["credentials"], given.array == nil else { return }
        body.remove("credentials")
        guard let object = given.object else {
            faults.add("/credentials", "wrong_type", "credentials must be an object of texts.")
            return
        }
        var found: [String: String?] = [:]
        for (name, value) in object.members {
            let text = value.text?.trimmed
            if name.hasPrefix("_") {
                faults.add(
                    "/credentials/\(name.pointerToken)", "unknown_field",
                    "The credential \(name.prefix(64)) cannot be set: leave it out.")
            }
            let isPlain = text.map { !$0.isEmpty && $0.utf8.count <= Self.valueMax } ?? value.isNull
            if !isPlain || text?.unicodeScalars.contains(where: { $0.value == 0 }) == true {
                faults.add(
                    "/credentials/\(name.pointerToken)", "wrong_type", "\(name.prefix(64)) must be a text.")
            } else if let text {
                Self.checkCopy(text, of: name, &faults)
            }
            found[name] = .some(text)
        }
        credentials = found
    }

    /// Adds a fault for what came along when a key was copied; spaces and line ends around it are gone already.
    private static func checkCopy(_ text: String, of name: String, _ faults: inout Faults) {
        let pointer = "/credentials/\(name.pointerToken)"
        // A key in PEM has lines of its own.
        guard !text.hasPrefix("-----BEGIN ") else { return }
        let isChosen = CredentialField.isChosen(name)
        let isBroken = text.unicodeScalars.contains { scalar in
            lineEnds.contains(scalar)
                || !isChosen
                    && (scalar.properties.isWhitespace
                        || invisible.contains(scalar.properties.generalCategory))
        }
        if isBroken {
            faults.add(
                pointer, "stray_space",
                "\(name.prefix(64)) has a space, a line break or an invisible character in it: copy it again in "
                    + "one piece.")
        }
        guard !isChosen, let first = text.unicodeScalars.first, let last = text.unicodeScalars.last else {
            return
        }
        if quotes.contains(first) || quotes.contains(last) {
            faults.add(pointer, "stray_quote", "\(name.prefix(64)) is in quotes: send it without them.")
        }
    }

    private static let lineEnds: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
    /// No width, and no space either by what Unicode says of them.
    private static let invisible: Set<Unicode.GeneralCategory> = [.control, .format]
    private static let quotes: Set<Unicode.Scalar> = [
        "\"", "'", "`", "\u{2018}", "\u{2019}", "\u{201C}", "\u{201D}", "\u{201E}", "\u{AB}", "\u{BB}",
    ]

    /// The credentials after this change of `present`.
    func merged(into present: [String: String]) -> [String: String] {
        var result = present
        for (name, value) in credentials ?? [:] { result[name] = value }
        // They were told of the token before.
        if result[OAuthCredential.access] != present[OAuthCredential.access] {
            for name in [OAuthCredential.withheld, OAuthCredential.consentEnd] { result[name] = nil }
        }
        return result
    }

    /// Credentials that the provider has no use for, or misses.
    /// `isLent`: where there are none, the installation's serve.
    static func check(
        _ credentials: [String: String], of provider: any IntegrationProvider, for capability: Capability,
        isLent: Bool = false, _ faults: inout Faults
    ) {
        if isLent, credentials.isEmpty { return }
        let known = provider.credentials.map(\.name)
        for name in credentials.keys.sorted() where !known.contains(name) && !name.hasPrefix("_") {
            faults.add(
                "/credentials/\(name.pointerToken)", "unknown_field",
                "\(provider.title) has no credential \(name.prefix(64)): send \(known.joined(separator: ", "))."
            )
        }
        for field in provider.credentials
        where field.isRequired(for: capability) && credentials[field.name] == nil {
            faults.add("/credentials/\(field.name)", "required", field.about)
        }
        faults.add(contentsOf: provider.faults(in: credentials))
    }

    /// Settings in their normal form.
    static func check(
        _ settings: JSONObject, of provider: any IntegrationProvider, for capability: Capability,
        _ addresses: OutboundAddresses, _ faults: inout Faults
    ) -> JSONObject {
        var result: JSONObject = [:]
        for (name, value) in settings.members where !value.isNull {
            let pointer = "/settings/\(name.pointerToken)"
            if name == "base_url" {
                if let url = value.text?.trimmed.withoutEndingSlashes {
                    if let fault = addresses.fault(of: url, schemes: provider.schemes, at: pointer) {
                        faults.add(contentsOf: [fault])
                    }
                    result.append(name, .string(url))
                } else {
                    faults.add(pointer, "wrong_type", "base_url must be a text.")
                }
            } else if let field = provider.settings.first(where: { $0.name == name }) ?? CommonSetting[name] {
                let valid = field.kind.validated(value, at: pointer, siblings: settings, faults: &faults)
                if let valid {
                    CommonSetting.check(name, valid, at: pointer, &faults)
                    result.append(name, valid)
                }
            } else {
                faults.add(pointer, "unknown_field", "\(provider.title) has no setting \(name.prefix(64)).")
            }
        }
        for field in provider.settings
        where field.isRequired(for: capability) && result[field.name] == nil {
            faults.add("/settings/\(field.name)", "required", field.about)
        }
        if provider.baseURL == nil, !provider.schemes.isEmpty, result["base_url"] == nil {
            faults.add(
                "/settings/base_url", "required",
                "base_url is required: name the address of \(provider.title).")
        }
        return result
    }
}

extension OutboundAddresses {
    /// Returns the fault of an address that must have one of the schemes; the first of them is the one that keeps
    /// secrets.
    func fault(of text: String, schemes: [String], at pointer: String) -> Fault? {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard parts.count == 2, schemes.contains(parts[0].lowercased()) else {
            return Fault(
                pointer, "invalid_url",
                "\(pointer.pointedMember) must begin with \(schemes.map { $0 + "://" }.joined(separator: " or "))."
            )
        }
        do {
            try check((parts[0].lowercased() == "http" ? "http:" : "https:") + parts[1], at: pointer)
            return nil
        } catch {
            return error.faults.first
        }
    }
}

extension String {
    package var withoutEndingSlashes: String {
        var text = Substring(self)
        while text.hasSuffix("/") { text.removeLast() }
        return String(text)
    }
}
