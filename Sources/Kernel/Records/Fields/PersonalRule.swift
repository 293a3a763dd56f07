package import JSON
package import Telemetry

/// Says whose data a resource's personal fields are, and what becomes of it when that person is erased. Without one, it
/// is that of the contact and the lead whom `contact_id` and `lead_id` name, and the fields are emptied.
package struct PersonalRule: Sendable {
    package enum Way: Sendable {
        /// `contact_id` or `lead_id` names the person.
        case named
        /// The record is the person.
        case itself
        /// The records are exported and erased with those of this name.
        case within(String)
        /// The records are no contact's and no lead's.
        case nobody
    }
    package enum Outcome: Sendable { case emptied, deleted, kept }

    package let way: Way
    package let outcome: Outcome
    /// The member under which they are exported, each with its type; `nil`: the table's name, or `records`.
    package let section: String?
    /// The fields that a client's person sees in their own export; `nil`: they see no such record.
    package let own: [String]?
    /// The data that an erasure keeps.
    package let kept: KeptData?

    private init(
        _ way: Way, _ outcome: Outcome, in section: String? = nil, own: [String]? = nil, kept: KeptData? = nil
    ) {
        (self.way, self.outcome, self.section) = (way, outcome, section)
        (self.own, self.kept) = (own, kept)
    }

    /// The records stay, without the person's data; `kept` is what stays of that, too.
    package static func emptied(
        in section: String? = nil, own: [String]? = nil, kept: KeptData? = nil
    ) -> PersonalRule { PersonalRule(.named, .emptied, in: section, own: own, kept: kept) }

    /// The records are people, and stay without their data.
    package static func person(own: [String]? = nil) -> PersonalRule {
        PersonalRule(.itself, .emptied, own: own)
    }

    /// The records go.
    package static func deleted(own: [String]? = nil) -> PersonalRule {
        PersonalRule(.named, .deleted, own: own)
    }

    /// The records stay as they are, which the report says; they are exported where they name a person.
    package static func kept(
        _ what: String, because reason: String, own: [String]? = nil
    ) -> PersonalRule { PersonalRule(.named, .kept, own: own, kept: KeptData(what, reason)) }

    /// The records are exported and erased with others.
    package static func within(_ name: String) -> PersonalRule { PersonalRule(.within(name), .kept) }

    /// No request of a contact or a lead reaches the records: they are an account's or a company's.
    package static let nobody = PersonalRule(.nobody, .kept)
}

/// Data that is kept after an erasure, for its report.
package struct KeptData: Sendable {
    package let what: String, reason: String
    /// The end of the retention; `nil` where the data is kept as long as the agency exists.
    package let until: Instant?

    package init(_ what: String, _ reason: String, until: Instant? = nil) {
        (self.what, self.reason, self.until) = (what, reason, until)
    }

    package var json: JSON {
        ["what": .string(what), "reason": .string(reason), "until": JSON(until?.description)]
    }
}

extension Resource {
    /// The columns that name people, with the type of subject that each names.
    package var personColumns: [(name: String, noun: String)] {
        switch personal?.way {
        case .itself: [(name: "id", noun: noun)]
        case .named:
            [(name: "contact_id", noun: "contact"), (name: "lead_id", noun: "lead")].filter {
                schema[$0.name] != nil
            }
        case .within, .nobody, nil: []
        }
    }

    /// Says why an erasure would not reach the personal fields; `nil` where it does.
    package var personalFault: String? {
        guard let personal, personal.outcome != .kept else { return nil }
        guard !personColumns.isEmpty else {
            return
                "\(schema.name) has personal fields, but neither contact_id nor lead_id: say whose they are"
        }
        let full = fields.first { $0.isErased && $0.empty == nil }
        guard personal.outcome == .emptied, let full else { return nil }
        return "\(schema.name).\(full.name) cannot be emptied: make it optional"
    }

    /// Returns the record without the data of its person.
    package func emptied(_ record: R) -> R {
        var record = record
        for field in fields where field.isErased {
            if let empty = field.empty { field.assign(&record, empty) }
        }
        return record
    }
}

extension Field {
    /// The value in place of a person's; `nil` where the field must have one of theirs.
    fileprivate var empty: JSON? {
        if hasAbsentValue { return JSON.null }
        switch kind {
        case .text, .email, .phone, .url, .link: return JSON.string(isRequired ? "Erased" : "")
        default: return nil
        }
    }
}
