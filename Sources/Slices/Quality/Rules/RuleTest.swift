internal import Agents
internal import JSON
internal import Records

/// A rule's check, ready to be made: its parameters, read and found to fit the field.
enum RuleTest: Sendable {
    /// One of the fields has to have a value.
    case required(or: [String])
    case format(ValueForm)
    case range(min: Double?, max: Double?)
    case stale(after: Duration)
    case unique
    /// The record that the field names has to exist, and, `isAcyclic`, must not lead back to this one; `mayClear`:
    /// people may empty the field.
    case reference(table: String, mayClear: Bool, isAcyclic: Bool)
    case consistent(Agreement, with: Comparand)
    /// `per`: not the number itself is to be usual, but how much of another comes on it.
    case anomaly(deviations: Double, per: Measure?)

    /// The fields that the check reads beside the rule's own.
    var others: [String] {
        switch self {
        case .required(let names): names
        case .consistent(_, let other): [other.field]
        case .anomaly(_, let per): per.map { [$0.field] } ?? []
        default: []
        }
    }
}

/// A field that measures something: a number, or an amount of money.
struct Measure: Sendable {
    let field: String
    let isMoney: Bool

    /// Returns the measured number; amounts of another currency than the agency's are not compared.
    func number(in value: JSON, currency: String) -> Double? {
        guard isMoney else { return value.double }
        return value["currency"]?.text == currency ? value["amount"]?.double : nil
    }
}

/// The value that a field is compared with.
struct Comparand: Sendable {
    /// The other field of the record, or the one that names a related record.
    let field: String
    /// The related records, and the field of theirs; `nil`: the record's own field.
    let related: (table: String, field: String)?

    /// As people write it: `website`, `company_id.website`.
    var text: String { related.map { "\(field).\($0.field)" } ?? field }
}

/// The forms that values may be asked to have beyond the kind of their field.
enum ValueForm: String, Choice {
    case personName = "person_name"
    case companyName = "company_name"
    case emailDomain = "email_domain"
    /// The domain of a mail address takes mail, as far as that was looked up.
    case mailHost = "mail_host"
    /// The letters are as they were written: neither damaged on the way, nor escaped for a page.
    case cleanText = "clean_text"
}

/// The ways in which two fields agree.
enum Agreement: String, Choice {
    /// A mail address belongs to the domain of a web address, unless everybody can have an address there.
    case sameDomain = "same_domain"
    /// The field's moment is not before the other's.
    case notBefore = "not_before"
    /// Both are the same text, whatever the case.
    case same
}

extension RuleTest {
    /// Reads a rule; `nil` where it has faults, which are added with their places.
    init?(_ rule: QualityRule, _ registry: RecordRegistry, _ faults: inout Faults) {
        guard let records = registry.records(in: rule.resourceName) else {
            faults.add(
                "/resource", "invalid_choice",
                "resource must be one of \(registry.tables.joined(separator: ", ")).",
                choices: registry.tables)
            return nil
        }
        var reading = ParameterReading(rule, records, registry)
        let test = reading.test()
        reading.refuseUnread()
        guard reading.faults.isEmpty, let test else {
            faults.add(contentsOf: reading.faults.list)
            return nil
        }
        self = test
    }
}

/// Reads the parameters of one rule, and collects what is wrong with them.
private struct ParameterReading {
    let rule: QualityRule
    let registry: RecordRegistry
    let fields: [String: RecordField]
    var faults = Faults()
    private var read: Set<String> = []

    init(_ rule: QualityRule, _ records: ToolRecords, _ registry: RecordRegistry) {
        (self.rule, self.registry) = (rule, registry)
        fields = Dictionary(records.fields.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    mutating func test() -> RuleTest? {
        guard let field = fields[rule.field] else {
            faults.add("/field", "unknown_field", "\(rule.resourceName) have no field of that name.")
            return nil
        }
        switch rule.kind {
        case .required: return .required(or: names("or"))
        case .format: return format(field)
        case .range: return range(field)
        case .stale: return stale(field)
        case .unique:
            return require(field.kind.storage == .text, "a text") ? .unique : nil
        case .reference:
            guard case .id(let referent) = field.kind else {
                _ = require(false, "a reference to a record")
                return nil
            }
            let isAcyclic = flag("acyclic")
            if isAcyclic, referent.table != rule.resourceName {
                faults.add(
                    "/parameters/acyclic", "type_mismatch",
                    "acyclic is for references to records of the same resource.")
                return nil
            }
            return .reference(
                table: referent.table, mayClear: !field.isReadOnly && !field.isRequired, isAcyclic: isAcyclic)
        case .consistent: return consistent(field)
        case .anomaly:
            let deviations = number("deviations", 2...20), per = measure("per", of: field)
            return require(field.kind.isNumeric, "a number")
                ? .anomaly(deviations: deviations ?? 4, per: per) : nil
        }
    }

    /// Adds a fault for each parameter that the kind of rule does not have.
    mutating func refuseUnread() {
        guard fields[rule.field] != nil else { return }
        for name in rule.parameters.keys where !read.contains(name) {
            faults.add(
                "/parameters/\(name.pointerToken)", "unknown_field",
                "A rule of the kind \(rule.kind.rawValue) does not have this parameter: take it out.")
        }
    }

    private mutating func format(_ field: RecordField) -> RuleTest? {
        guard let form: ValueForm = choice("form") else { return nil }
        let fits =
            switch (form, field.kind) {
            case (.emailDomain, .email), (.mailHost, .email), (.personName, .text), (.companyName, .text),
                (.cleanText, .text):
                true
            default: false
            }
        let isAddress = form == .emailDomain || form == .mailHost
        return require(fits, isAddress ? "a mail address" : "a text") ? .format(form) : nil
    }

    private mutating func range(_ field: RecordField) -> RuleTest? {
        let (low, high) = (number("min"), number("max"))
        guard require(field.kind.isNumeric, "a number") else { return nil }
        if low == nil, high == nil {
            faults.add("/parameters/min", "required", "The rule needs a limit: send min, max or both.")
        }
        if let low, let high, low > high {
            faults.add("/parameters/max", "out_of_range", "max must not be less than min.")
        }
        return .range(min: low, max: high)
    }

    private mutating func stale(_ field: RecordField) -> RuleTest? {
        read.insert("after")
        guard require(field.kind.isMoment, "a date or a time") else { return nil }
        guard let text = rule.parameters["after"]?.text else {
            faults.add("/parameters/after", "required", "after is required: a duration such as P365D.")
            return nil
        }
        guard let time = Duration(iso8601: text), time > .zero else {
            faults.add("/parameters/after", "invalid_duration", "after must be a duration such as P365D.")
            return nil
        }
        return .stale(after: time)
    }

    private mutating func consistent(_ field: RecordField) -> RuleTest? {
        let how: Agreement? = choice("how")
        guard let (comparand, other) = comparand(), let how else { return nil }
        switch how {
        case .sameDomain:
            guard case .email = field.kind, case .url = other.kind else {
                faults.add(
                    "/parameters/with", "type_mismatch",
                    "same_domain compares a mail address with a web address: choose one of each.")
                return nil
            }
        case .notBefore:
            guard field.kind.isMoment, other.kind.isMoment else {
                faults.add(
                    "/parameters/with", "type_mismatch",
                    "not_before compares dates or times: choose two such fields.")
                return nil
            }
        case .same:
            guard field.kind.storage == .text, other.kind.storage == .text else {
                faults.add(
                    "/parameters/with", "type_mismatch",
                    "same compares texts: choose two text fields, or another rule.")
                return nil
            }
        }
        return .consistent(how, with: comparand)
    }

    /// Reads what a field is compared with: `website`, or `company_id.website` of the record that `company_id` names.
    private mutating func comparand() -> (Comparand, RecordField)? {
        read.insert("with")
        let place = "/parameters/with"
        guard let text = rule.parameters["with"]?.text else {
            faults.add(place, "required", "with is required: the other field, such as website.")
            return nil
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let field = fields[parts[0]], parts.count <= 2 else {
            faults.add(
                place, "unknown_field",
                "\(rule.resourceName) have no field \(parts[0].prefix(64)): GET /v1/meta/resources lists the fields."
            )
            return nil
        }
        guard parts.count == 2 else { return (Comparand(field: field.name, related: nil), field) }
        guard case .id(let referent) = field.kind, let records = registry.records(in: referent.table),
            let other = records.fields.first(where: { $0.name == parts[1] })
        else {
            faults.add(
                place, "unknown_field", "\(field.name) names no record with a field \(parts[1].prefix(64)).")
            return nil
        }
        return (Comparand(field: field.name, related: (referent.table, other.name)), other)
    }

    // MARK: Parameters

    private mutating func require(_ fits: Bool, _ wanted: String) -> Bool {
        if !fits {
            faults.add(
                "/field", "type_mismatch", "A rule of kind \(rule.kind.rawValue) checks \(wanted).")
        }
        return fits
    }

    /// The field, or the list of fields, that a parameter names.
    private mutating func names(_ parameter: String) -> [String] {
        read.insert(parameter)
        guard let value = rule.parameters[parameter], !value.isNull else { return [] }
        let items = value.array ?? [value]
        for (index, item) in items.enumerated() {
            let place = value.array == nil ? "" : "/\(index)"
            guard let name = item.text, fields[name] != nil else {
                faults.add(
                    "/parameters/\(parameter)\(place)", "unknown_field",
                    "\(rule.resourceName) have no field of that name.")
                continue
            }
        }
        return items.compactMap(\.text)
    }

    /// The other field that a parameter names, whose values are measures.
    private mutating func measure(_ parameter: String, of field: RecordField) -> Measure? {
        read.insert(parameter)
        guard let value = rule.parameters[parameter], !value.isNull else { return nil }
        guard let other = value.text.flatMap({ fields[$0] }), other.name != field.name else {
            faults.add(
                "/parameters/\(parameter)", "unknown_field",
                "\(parameter) must be another field of \(rule.resourceName).")
            return nil
        }
        let isMoney = if case .money = other.kind { true } else { false }
        guard isMoney || other.kind.isNumeric else {
            faults.add(
                "/parameters/\(parameter)", "type_mismatch", "\(parameter) must be a number or an amount.")
            return nil
        }
        return Measure(field: other.name, isMoney: isMoney)
    }

    private mutating func flag(_ parameter: String) -> Bool {
        read.insert(parameter)
        guard let value = rule.parameters[parameter], !value.isNull else { return false }
        guard let flag = value.flag else {
            faults.add("/parameters/\(parameter)", "wrong_type", "\(parameter) must be true or false.")
            return false
        }
        return flag
    }

    private mutating func number(_ parameter: String, _ range: ClosedRange<Double>? = nil) -> Double? {
        read.insert(parameter)
        guard let value = rule.parameters[parameter], !value.isNull else { return nil }
        guard let number = value.double else {
            faults.add("/parameters/\(parameter)", "wrong_type", "\(parameter) must be a number.")
            return nil
        }
        if let range, !range.contains(number) {
            faults.add(
                "/parameters/\(parameter)", "out_of_range",
                "\(parameter) must be from \(range.lowerBound) to \(range.upperBound).")
        }
        return number
    }

    private mutating func choice<C: Choice>(_ parameter: String) -> C? {
        read.insert(parameter)
        guard let value = rule.parameters[parameter], !value.isNull else {
            faults.add(
                "/parameters/\(parameter)", "required", "\(parameter) is required.", choices: C.choices)
            return nil
        }
        guard let choice = value.text.flatMap(C.init(rawValue:)) else {
            faults.add(
                "/parameters/\(parameter)", "invalid_choice",
                "\(parameter) must be one of \(C.choices.joined(separator: ", ")).", choices: C.choices)
            return nil
        }
        return choice
    }
}

extension FieldKind {
    fileprivate var isNumeric: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }

    fileprivate var isMoment: Bool {
        switch self {
        case .instant, .date: true
        default: false
        }
    }
}
