internal import Facts
internal import Integrations
internal import JSON
internal import Nouns
internal import Records
internal import Telemetry
internal import Transfer

/// A company that a source has listed, in the form of a lead: its values brought into the API's form as those of a file
/// are, what cannot be read left out.
struct FoundCompany: Sendable {
    let listed: ListedCompany
    /// `nil` where the entry says nothing that a lead could be made of.
    let lead: Lead?
    /// The fields that the source has told.
    let fields: [String]
    /// Facts that leads have no field for.
    let extras: [(field: String, value: JSON)]

    init(_ listed: ListedCompany, of source: LeadSource, _ defaults: RowNormaliser.Defaults) {
        self.listed = listed
        var body = listed.values, extras: [(field: String, value: JSON)] = []
        for name in LeadSource.extraFields {
            guard let value = body[name] else { continue }
            body[name] = nil
            if let value = Self.extra(name, value) { extras.append((name, value)) }
        }
        self.extras = extras.sorted { $0.field < $1.field }
        let normaliser = RowNormaliser(jsonLines: .none, defaults)
        var row = normaliser.lead(body, row: 1)
        // A fault of one field says nothing against the others.
        let wrong = Set(row.faults.compactMap(\.field))
        if !wrong.isEmpty {
            for name in wrong where name != "company" { body[name] = nil }
            row = normaliser.lead(body, row: 1)
        }
        guard row.faults.isEmpty, !row.lead.company.isEmpty else {
            (lead, fields) = (nil, [])
            return
        }
        var lead = row.lead
        lead.source = source.name
        lead.derive()
        (self.lead, fields) = (lead, row.values.keys)
    }

    private static func extra(_ name: String, _ value: JSON) -> JSON? {
        if name == "founded_year" {
            let text = value.text.map { String($0.prefix(4)) }
            return (value.int ?? text.flatMap { Int64($0) }).flatMap {
                (1000...2100).contains($0) ? .integer($0) : nil
            }
        }
        guard let text = value.text.map(TextCleaning.line), !text.isEmpty else { return nil }
        return .string(String(text.prefix(2000)))
    }

    /// Returns the words of the source, as observations of facts about the lead.
    func observations(from source: LeadSource, _ integration: IntegrationID?) -> [Observation] {
        guard let lead else { return [] }
        let said = Lead.schema.json(lead)
        let from = FactSource(source.factKind, source.name, url: listed.url, integration: integration)
        let values =
            fields.compactMap { name in said[name].flatMap { $0.isNull ? nil : (name, $0) } }
            + extras.map { ($0.field, $0.value) }
        return values.filter { $0.0 != "tags" && $0.0 != "notes" }.map { name, value in
            let quote = listed.quotes[name] ?? listed.values[name].map { $0.text ?? $0.serialized }
            return Observation(
                name, value, from: from, quote: quote, at: listed.url, confidence: listed.confidence)
        }
    }
}

extension LeadSource {
    /// The kind of source that its facts name.
    var factKind: FactSource.Kind {
        switch kind {
        case .directory: .directory
        case .register: .register
        case .website: .website
        case .feed, .community: .feed
        case .provider: .provider
        case .crm: .crm
        case .file: .file
        case .referral, .form: .person
        }
    }
}
