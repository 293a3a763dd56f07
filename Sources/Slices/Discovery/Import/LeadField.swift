/// The fields of a lead that a file can fill, by their names in the API.
package enum LeadField: String, CaseIterable, Hashable, Sendable {
    case company, website, industry
    case employeeCount = "employee_count"
    case annualRevenue = "annual_revenue"
    case location, country
    case contactName = "contact_name"
    case contactTitle = "contact_title"
    case email, phone
    case linkedinURL = "linkedin_url"
    case source, status, budget
    case timelineDays = "timeline_days"
    case authority
    case painPoints = "pain_points"
    case tags, notes
    case knownSince = "known_since"
    case technicalLevel = "technical_level"
    case clientID = "client_id"
    case ownerID = "owner_id"

    static let statuses = [
        "new", "researched", "scored", "qualified", "disqualified", "contacted", "engaged", "proposal",
        "negotiation",
        "won", "lost", "archived",
    ]

    /// The fields that the API gives and an export holds, but nobody sets.
    static let readOnly: Set<String> = [
        "id", "version", "created_at", "updated_at", "score", "priority", "conversion_probability",
        "next_action",
        "best_contact_at", "contact_id", "company_id", "merged_into", "qualified_at", "closed_at",
        "quality_score", "email_status", "lifecycle_stage",
    ]
}

/// The target of a column.
package enum ImportTarget: Hashable, Sendable {
    case field(LeadField)
    /// The parts of a contact's name, joined.
    case firstName, lastName
    /// The parts of a location, joined: city, then state or region.
    case city, state
    case custom(String)
    case externalID(String)
    /// Whether the person agreed to be written to: kept as `custom.consent`, and a refusal marks the lead.
    case consent
    /// A yes marks the lead as not to be contacted.
    case doNotContact

    /// The name as a mapping says it: a field of a lead, or a part of one.
    package init?(_ name: String) {
        if let field = LeadField(rawValue: name) {
            self = .field(field)
            return
        }
        switch name {
        case "first_name": self = .firstName
        case "last_name": self = .lastName
        case "city": self = .city
        case "state": self = .state
        case "consent": self = .consent
        case "do_not_contact": self = .doNotContact
        default:
            guard let dot = name.firstIndex(of: "."), case let key = String(name[name.index(after: dot)...]),
                (1...64).contains(key.utf8.count), !key.unicodeScalars.contains(where: { $0.value < 0x20 })
            else { return nil }
            switch name[..<dot] {
            case "custom": self = .custom(key)
            case "external_ids": self = .externalID(key)
            default: return nil
            }
        }
    }

    /// The lead's field that the column ends up in.
    package var fieldName: String {
        switch self {
        case .field(let field): field.rawValue
        case .firstName, .lastName: LeadField.contactName.rawValue
        case .city, .state: LeadField.location.rawValue
        case .custom(let key): "custom.\(key)"
        case .externalID(let system): "external_ids.\(system)"
        case .consent: "custom.consent"
        case .doNotContact: LeadField.tags.rawValue
        }
    }
}
