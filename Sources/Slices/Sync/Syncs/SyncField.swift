internal import Agents
internal import Integrations
internal import JSON
internal import Records
internal import Telemetry

/// A value that does not fit a field.
struct FieldFault: Error, Hashable, Sendable {
    let field: String
    let code: String, detail: String

    init(_ field: String, _ code: String, _ detail: String) {
        (self.field, self.code, self.detail) = (field, code, detail)
    }

    /// The first fault of a refused record, by its field.
    init(_ problem: Problem) {
        let first = problem.faults.first
        let place = first?.pointer.split(separator: "/").joined(separator: ".") ?? ""
        self.init(place, first?.code ?? problem.code, first?.detail ?? problem.detail)
    }
}

/// A field of the agency's records with the service's field that belongs to it, as a sync uses them.
struct SyncField: Sendable {
    /// The name of a field that tells of consent, not of a value of the record.
    static let unsubscribed = "unsubscribed"
    /// The name of the agency's own identifier.
    static let own = "id"

    /// As the mapping names it.
    let name: String
    let kind: FieldKind
    let remote: ConnectorField
    let flow: FieldFlow
    let isKey: Bool

    /// The field of the record that holds it.
    var column: String { member == nil ? name : "custom" }
    /// The agency's own field that it is, in `custom`.
    var member: String? { name.hasPrefix("custom.") ? String(name.dropFirst("custom.".count)) : nil }
    var isUnsubscribed: Bool { name == Self.unsubscribed }

    /// Returns the value of a record of the agency's.
    func value(of record: LocalRecord) -> JSON {
        if isUnsubscribed { return .bool(record.isUnsubscribed) }
        let value = record.values[column] ?? .null
        return (member.map { value[$0] ?? .null } ?? value).plain
    }

    /// Returns a merge patch that gives a record the value.
    func patch(_ value: JSON) -> (column: String, value: JSON) {
        (column, member.map { .object([$0: value]) } ?? value)
    }

    // MARK: The service's values

    /// Returns the service's value in the form that a record of the agency's gives it. `others`: the record's other
    /// values, which say how it is read. Throws where it does not fit.
    func localForm(
        of raw: JSON, beside others: JSONObject, currency: String
    ) throws(FieldFault) -> JSON {
        if isUnsubscribed { return .bool(Self.isTrue(raw)) }
        guard !raw.isNothing else { return emptied }
        let given = converted(raw, currency)
        var faults = Faults()
        let checked: JSON?
        if let member {
            checked =
                kind.validated(.object([member: given]), at: "", siblings: [:], faults: &faults)?[member]
        } else {
            checked = kind.validated(given, at: "/\(name)", siblings: others, faults: &faults)
        }
        if let fault = faults.list.first { throw FieldFault(name, fault.code, fault.detail) }
        return trimmed(checked ?? .null)
    }

    /// Returns whether a value here and one there mean the same.
    func isSame(_ local: JSON, _ raw: JSON, form: JSON?) -> Bool {
        if isUnsubscribed { return local.flag == Self.isTrue(raw) }
        if local.isNothing, raw.isNothing { return true }
        return form == local || raw == local || remote.canonical(local).plain == raw
    }

    /// The value of a field in which nothing is.
    private var emptied: JSON {
        switch kind {
        case .texts, .ids, .parts: []
        default: .null
        }
    }

    private func trimmed(_ value: JSON) -> JSON {
        guard case .text = kind, let text = value.text else { return value.plain }
        return .string(text.trimmed).plain
    }

    /// Brings a value of the service's to the type that the field has, as far as that is plain.
    private func converted(_ raw: JSON, _ currency: String) -> JSON {
        switch kind {
        case .text, .email, .phone, .url, .link, .country, .currency, .timeZone, .date, .instant, .id:
            return raw.int.map { .string("\($0)") } ?? (raw.double.map { .string("\($0)") } ?? raw)
        case .choice(let choices):
            let word = raw.text?.lowercased().replacing(" ", with: "_").replacing("-", with: "_")
            return choices.first { $0 == raw.text || $0 == word }.map { .string($0) } ?? raw
        case .integer, .number:
            guard let text = raw.text?.trimmed else { return raw }
            return (Int64(text).map { .integer($0) } ?? Double(text).map { .number($0) }) ?? raw
        case .boolean:
            return raw.text.map { ["true", "false"].contains($0) ? .bool($0 == "true") : raw } ?? raw
        case .money:
            guard raw.object == nil, let code = Currency(currency),
                let amount = raw.double ?? raw.text.flatMap({ Double($0.trimmed) }), amount.isFinite,
                amount.magnitude < 1e13
            else { return raw }
            let minor = Int64((amount * Double(code.minorUnits)).rounded())
            return ["amount": .integer(minor), "currency": .string(code.code)]
        case .texts:
            guard let text = raw.text else { return raw }
            return JSON(text.split { $0 == ";" || $0 == "," }.map { String($0).trimmed })
        case .custom, .externalIDs, .ids, .document, .part, .parts: return raw
        }
    }

    private static func isTrue(_ raw: JSON) -> Bool {
        switch raw {
        case .bool(let flag): flag
        case .integer(let number): number != 0
        case .string(let text): ["true", "yes", "1", "unsubscribed", "opted_out"].contains(text.lowercased())
        default: false
        }
    }
}

/// A record of the agency's, as a sync reads it.
struct LocalRecord: Sendable {
    let id: String
    let version: Int
    let updatedAt: Instant
    let values: JSONObject
    /// Whether its person has said that they want no marketing.
    var isUnsubscribed = false

    init(_ values: RecordValues, _ columns: [String]) {
        (id, version, updatedAt) = (values.id, values.version, values.updatedAt)
        self.values = JSONObject(zip(columns, values.values).map { ($0, $1) })
    }

    /// The record as it was stored, from its API's document.
    init(stored: JSON, at now: Instant) {
        (id, version) = (stored["id"]?.text ?? "", Int(stored["version"]?.int ?? 1))
        (updatedAt, values) = (now, stored.object ?? [:])
    }

    /// Whether it is kept for the record alone.
    var isArchived: Bool { values["status"]?.text == "archived" || isMerged }
    /// Whether it goes on as another record.
    var isMerged: Bool { values["merged_into"].map { !$0.isNull } == true }
}
