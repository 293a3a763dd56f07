internal import Database
internal import HTTPClient
internal import JSON
internal import Markup
internal import Records
internal import Tenancy

extension LeadSource {
    /// The fields that an entry of a directory may have: those of a lead that say something of a company, and what is
    /// known of it beside its record.
    static let fieldNames: Set<String> = Set(
        [
            LeadField.company, .website, .industry, .employeeCount, .annualRevenue, .location, .country,
            .contactName,
            .contactTitle, .email, .phone, .linkedinURL, .tags, .notes,
        ].map(\.rawValue)
    ).union(["city", "state"]).union(extraFields)
    /// The facts about a company that a lead has no field for.
    static let extraFields: Set<String> = [
        "legal_name", "description", "founded_year", "registration_number",
    ]

    /// Adds the faults of what the fields alone cannot say: a source that could not work is not stored.
    func check(_ addresses: AddressGuard, isNew: Bool, _ faults: inout Faults) {
        if isNew { checkName(&faults) }
        checkAddress(addresses, &faults)
        switch kind {
        case .directory where !isBuiltIn: checkDirectory(&faults)
        case .website, .feed:
            if startURL == nil, !isBuiltIn {
                faults.add("/start_url", "required", "start_url is required: where the source is.")
            }
        case .community where !isBuiltIn:
            if platform == nil {
                faults.add(
                    "/platform", "required", "platform is required: which program the community runs on.")
            }
            if startURL == nil, platform == .mastodon || platform == .discourse {
                faults.add("/start_url", "required", "start_url is required: the community's address.")
            }
        default: break
        }
        if kind != .directory {
            if item != nil {
                faults.add("/item", "unknown_field", "Only directories have entries: leave item out.")
            }
            if next != nil {
                faults.add("/next", "unknown_field", "Only directories have pages: leave next out.")
            }
            if !expressions.isEmpty {
                faults.add("/fields", "unknown_field", "Only directories have expressions: leave fields out.")
            }
        }
    }

    private func checkName(_ faults: inout Faults) {
        guard !faults.list.contains(where: { $0.pointer == "/name" || $0.pointer == "/kind" }) else { return }
        let isWord = name.utf8.allSatisfy {
            (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
        }
        if !isWord {
            faults.add("/name", "invalid_text", "name must have small letters, digits and _ only.")
        }
        if !Self.declared.contains(kind) {
            faults.add(
                "/kind", "invalid_choice", "Sources of this kind come with Bureau, and are not created.",
                choices: Self.declared.map(\.rawValue).sorted())
        }
    }

    private func checkAddress(_ addresses: AddressGuard, _ faults: inout Faults) {
        guard let startURL, !faults.list.contains(where: { $0.pointer == "/start_url" }) else { return }
        guard let address = PageAddress(startURL), address.port == nil,
            let url = try? OutboundURL(address.description)
        else {
            faults.add(
                "/start_url", "invalid_url",
                "start_url must begin with http:// or https://, without a name and password, on port 80 or 443."
            )
            return
        }
        do { try addresses.check(url) } catch {
            faults.add("/start_url", "refused_address", "start_url cannot be used: \(error).")
        }
    }

    private func checkDirectory(_ faults: inout Faults) {
        if startURL == nil {
            faults.add("/start_url", "required", "start_url is required: the first page of the directory.")
        }
        if let item {
            Self.check(item, at: "/item", finds: true, &faults)
        } else {
            faults.add("/item", "required", "item is required: the expression that finds the entries.")
        }
        if let next { Self.check(next, at: "/next", &faults) }
        for (name, value) in expressions.members {
            let pointer = "/fields/\(name.pointerToken)"
            if !Self.fieldNames.contains(name) {
                faults.add(
                    pointer, "unknown_field", "An entry has no field \(name.prefix(64)).",
                    choices: Self.fieldNames.sorted())
            } else if let text = value.text {
                Self.check(text, at: pointer, &faults)
            } else {
                faults.add(pointer, "wrong_type", "\(name) must be an expression, as a text.")
            }
        }
        if expressions["company"] == nil {
            faults.add(
                "/fields/company", "required", "fields must have company: a lead is not stored without.")
        }
    }

    /// `finds`: it is to find elements, instead of a number, a text or a truth.
    private static func check(
        _ expression: String, at pointer: String, finds: Bool = false, _ faults: inout Faults
    ) {
        let query = XPathQuery(expression)
        if let query, !finds || XPathDocument(MarkupDocument(html: "")).elements(query) != nil { return }
        faults.add(
            pointer, "invalid_expression",
            query == nil
                ? "\(pointer.pointedMember) must be an XPath 1.0 expression of at most 2,000 bytes."
                : "\(pointer.pointedMember) must find elements, and not a number, a text or a truth.")
    }
}
