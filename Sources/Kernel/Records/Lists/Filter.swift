internal import Database
internal import JSON
internal import Telemetry

/// `score[gte]=60`, `owner_id[is]=null`: a condition of a list.
struct Filter: Sendable {
    enum Operator: String { case eq, ne, gt, gte, lt, lte, `is` }

    let field: String
    let op: Operator
    let value: String

    /// Splits a query parameter's name; `nil` when it is malformed.
    init?(name: String, value: String) {
        guard let open = name.firstIndex(of: "[") else {
            (field, op, self.value) = (name, .eq, value)
            return
        }
        guard name.last == "]",
            let op = Operator(rawValue: String(name[name.index(after: open)...].dropLast()))
        else {
            return nil
        }
        (field, self.op, self.value) = (String(name[..<open]), op, value)
    }

    /// The most values of one filter: more would make a statement that takes seconds to read.
    static let valuesMax = 500

    func requireFewValues() throws(Problem) {
        let count = value.utf8.count { $0 == UInt8(ascii: ",") } + 1
        guard op == .eq || op == .ne, count > Self.valuesMax else { return }
        throw Problem(
            .invalidParameter,
            "\(field) has \(count) values: send at most \(Self.valuesMax), and the rest in further requests.")
    }

    /// The condition over a column of `kind`.
    func condition(on column: String, _ kind: FieldKind, dialect: Dialect) throws(Problem) -> SQL {
        if op == .is { return try absence(of: column, kind) }
        switch kind {
        case .texts, .ids: return try listCondition(column, dialect)
        case .money: return try comparison(["\(column)_amount"], [integer(value)])
        case .integer: return try comparison([column], values.mapThrowing(integer))
        case .number: return try comparison([column], values.mapThrowing(number))
        case .boolean: return try comparison([column], values.mapThrowing(boolean))
        case .instant: return try comparison([column], [instant(value)])
        case .choice(let choices):
            for value in values where !choices.contains(value) {
                var problem = Problem(
                    .invalidParameter, "\(field) must be one of \(choices.joined(separator: ", ")).")
                problem.extra.append("choices", JSON(choices))
                throw problem
            }
            return comparison([column], values.map(SQLValue.text))
        case .text, .email, .phone, .url, .link, .country, .currency, .timeZone, .date, .id:
            let normal = values.map { normalised($0, kind) }
            return comparison([column], normal.map(SQLValue.text))
        case .custom, .externalIDs, .document, .part, .parts:
            throw Problem(
                .unknownFilter,
                "\(field) is an object: filter by one of its members, as in \(field).name=value.")
        }
    }

    /// The condition over a member of a JSON column, as in `custom.tier=gold`.
    func memberCondition(_ column: String, _ key: String, dialect: Dialect) throws(Problem) -> SQL {
        if op == .is { return try isNull(dialect.jsonText(column, key)) }
        let isComparison = op != .eq && op != .ne
        if isComparison, Double(value) == nil { throw invalid("a number") }
        return try dialectMember(column, key, dialect, isNumber: isComparison)
    }

    /// Returns whether there is a value at all. A list that is empty has none.
    private func absence(of column: String, _ kind: FieldKind) throws(Problem) -> SQL {
        switch kind {
        case .texts, .ids: try isNull("nullif(\(trusted: column), '[]')")
        case .money: try isNull("\(trusted: "\(column)_amount")")
        default: try isNull("\(trusted: column)")
        }
    }

    private func isNull(_ value: SQL) throws(Problem) -> SQL {
        switch self.value {
        case "null": value + " IS NULL"
        case "not_null": value + " IS NOT NULL"
        default: throw Problem(.invalidParameter, "\(field)[is] must be null or not_null.")
        }
    }

    private func dialectMember(
        _ column: String, _ key: String, _ dialect: Dialect, isNumber: Bool
    ) throws(Problem) -> SQL {
        if isNumber {
            return compare(dialect.jsonNumber(column, key), .real(Double(value) ?? 0))
        }
        let member = dialect.jsonText(column, key)
        let list: SQL = "\(list: values.map(SQLValue.text))"
        return op == .ne
            ? "(" + member + " IS NULL OR " + member + " NOT IN " + list + ")" : member + " IN " + list
    }

    private func listCondition(_ column: String, _ dialect: Dialect) throws(Problem) -> SQL {
        guard op == .eq || op == .ne else { throw invalid("compared with eq or ne") }
        let contains =
            "(" + values.map { dialect.jsonArray(column, contains: $0) }.joined(separator: " OR ") + ")"
        return op == .ne ? "NOT " + contains : contains
    }

    private func comparison(_ columns: [String], _ values: [SQLValue]) -> SQL {
        let column: SQL = "\(trusted: columns[0])"
        switch op {
        case .eq where values.count == 1: return column + " = \(values[0])"
        case .eq: return column + " IN \(list: values)"
        case .ne: return "(" + column + " IS NULL OR " + column + " NOT IN \(list: values))"
        default: return compare(column, values[0])
        }
    }

    private func compare(_ column: SQL, _ value: SQLValue) -> SQL {
        switch op {
        case .gt: column + " > \(value)"
        case .gte: column + " >= \(value)"
        case .lt: column + " < \(value)"
        default: column + " <= \(value)"
        }
    }

    private var values: [String] {
        op == .eq || op == .ne
            ? value.split(separator: ",", omittingEmptySubsequences: false).map(String.init) : [value]
    }

    private func normalised(_ text: String, _ kind: FieldKind) -> String {
        var faults = Faults()
        return kind.validated(.string(text), at: "", siblings: [:], faults: &faults)?.text ?? text
    }

    private func integer(_ text: String) throws(Problem) -> SQLValue {
        guard let number = Int64(text) else { throw invalid("a whole number") }
        return .integer(number)
    }

    private func number(_ text: String) throws(Problem) -> SQLValue {
        guard let number = Double(text), number.isFinite else { throw invalid("a number") }
        return .real(number)
    }

    private func boolean(_ text: String) throws(Problem) -> SQLValue {
        switch text {
        case "true": .integer(1)
        case "false": .integer(0)
        default: throw invalid("true or false")
        }
    }

    private func instant(_ text: String) throws(Problem) -> SQLValue {
        guard let instant = Instant(text) ?? Instant("\(text)T00:00:00Z") else {
            throw invalid("an RFC 3339 time, such as 2026-11-20T06:15:29Z")
        }
        return .integer(instant.microseconds)
    }

    private func invalid(_ wanted: String) -> Problem {
        Problem(.invalidParameter, "\(field) must be \(wanted).")
    }
}

extension Array {
    func mapThrowing<T>(_ transform: (Element) throws(Problem) -> T) throws(Problem) -> [T] {
        var result: [T] = []
        for element in self { result.append(try transform(element)) }
        return result
    }
}
