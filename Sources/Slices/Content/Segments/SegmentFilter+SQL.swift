internal import Database
internal import JSON
internal import People
internal import Records
internal import Telemetry
internal import Nouns

extension SegmentFilter {
    /// Returns the filter as a condition on the rows of its table. A condition on a value that is not there is false,
    /// so that `not` finds the record.
    func condition(on kind: Segment.Kind, in reader: some Queryable) -> SQL {
        switch self {
        case .all(let parts): return Self.joined(parts, " AND ", "1 = 1", kind, reader)
        case .any(let parts): return Self.joined(parts, " OR ", "1 = 0", kind, reader)
        case .not(let part): return "NOT (" + part.condition(on: kind, in: reader) + ")"
        case .field(let condition): return condition.sql(reader.dialect)
        case .did(let condition): return condition.sql(on: kind, in: reader)
        }
    }

    private static func joined(
        _ parts: [SegmentFilter], _ word: SQL, _ none: SQL, _ kind: Segment.Kind, _ reader: some Queryable
    ) -> SQL {
        guard !parts.isEmpty else { return none }
        return "(" + parts.map { $0.condition(on: kind, in: reader) }.joined(separator: word) + ")"
    }
}

extension FieldCondition {
    fileprivate func sql(_ dialect: Dialect) -> SQL {
        switch place {
        case .field(let name, let kind):
            switch kind {
            case .money: return money(name, dialect)
            case .texts, .ids: return list(name, kind, dialect)
            case .text, .url, .link: return ignoringCase("\(trusted: name)", dialect)
            default: return compared("\(trusted: name)", values.map { Self.bound($0, kind) }, dialect)
            }
        case .custom(let field):
            let isNumber = field.type == .number
            let member =
                isNumber ? dialect.jsonNumber("custom", field.key) : dialect.jsonText("custom", field.key)
            switch field.type {
            case .text, .choice: return ignoringCase(member, dialect)
            case .number: return compared(member, values.map { .real($0.double ?? 0) }, dialect)
            case .boolean: return compared(member, values.map { .text($0.serialized) }, dialect)
            }
        }
    }

    /// Returns how a text is compared: in letters of whatever size.
    private func ignoringCase(_ column: SQL, _ dialect: Dialect) -> SQL {
        let texts = values.map { $0.text ?? "" }
        guard Operator.equality.contains(op) else {
            return compared(column, texts.map { .text($0) }, dialect)
        }
        let forms = texts.flatMap(FieldComparison.forms)
        return compared("lower(" + column + ")", forms.map { .text($0) }, dialect)
    }

    /// The value as the field's column holds it.
    private static func bound(_ value: JSON, _ kind: FieldKind) -> SQLValue {
        switch kind.storage {
        case .integer: .integer(value.int ?? 0)
        case .real: .real(value.double ?? 0)
        case .boolean: .integer(value.flag == true ? 1 : 0)
        case .instant: .integer(value.text.flatMap { Instant($0) }?.microseconds ?? 0)
        case .text, .money, .json: .text(value.text ?? "")
        }
    }

    private func compared(_ column: SQL, _ values: [SQLValue], _ dialect: Dialect) -> SQL {
        let isThere: SQL = "(" + column + " IS NOT NULL AND " + column
        guard let value = values.first else {
            return column + (op == .known ? " IS NOT NULL" : " IS NULL")
        }
        switch op {
        case .eq, .in: return isThere + " IN \(list: values))"
        case .ne: return "(" + column + " IS NULL OR " + column + " NOT IN \(list: values))"
        case .gt: return isThere + " > \(value))"
        case .gte: return isThere + " >= \(value))"
        case .lt: return isThere + " < \(value))"
        case .lte: return isThere + " <= \(value))"
        case .contains: return Self.holds(column, self.values.first?.text ?? "", dialect)
        case .known: return column + " IS NOT NULL"
        case .unknown: return column + " IS NULL"
        }
    }

    /// Returns whether a text has another one in it, in letters of whatever size: a file folds the ASCII letters only,
    /// with `LIKE` alone, so that other letters are looked for as they are, too.
    private static func holds(_ column: SQL, _ text: String, _ dialect: Dialect) -> SQL {
        let escaped = text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing(
            "_", with: "\\_")
        let (exact, folded) = ("%\(escaped)%", "%\(escaped.lowercased())%")
        var found: SQL = column + " LIKE \(exact) ESCAPE '\\'"
        switch dialect {
        case .sqlite:
            let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
            found += isASCII ? "" : " OR " + column + " LIKE \(folded) ESCAPE '\\'"
        case .postgreSQL: found += " OR lower(" + column + ") LIKE \(folded) ESCAPE '\\'"
        }
        return "(" + column + " IS NOT NULL AND (" + found + "))"
    }

    private func money(_ name: String, _ dialect: Dialect) -> SQL {
        let amount: SQL = "\(trusted: "\(name)_amount")"
        guard let value = values.first else { return compared(amount, [], dialect) }
        let currency: SQL = "\(trusted: "\(name)_currency")"
        let bound = SQLValue.integer(value["amount"]?.int ?? 0), code = value["currency"]?.text ?? ""
        guard op != .ne else {
            return "(" + amount + " IS NULL OR " + amount + " <> \(bound) OR " + currency + " <> \(code))"
        }
        return "(" + compared(amount, [bound], dialect) + " AND " + currency + " = \(code))"
    }

    private func list(_ name: String, _ kind: FieldKind, _ dialect: Dialect) -> SQL {
        switch op {
        case .contains:
            let entry = values.first?.text ?? ""
            guard case .texts = kind else { return dialect.jsonArray(name, contains: entry) }
            return dialect.jsonArray(name, containsSmall: FieldComparison.forms(of: entry))
        case .known: return "nullif(\(trusted: name), '[]') IS NOT NULL"
        default: return "nullif(\(trusted: name), '[]') IS NULL"
        }
    }
}

extension ActivityCondition {
    fileprivate func sql(on kind: Segment.Kind, in reader: some Queryable) -> SQL {
        let person = "\(kind.rawValue).\(kind.personColumn)"
        var acts: SQL = """
            FROM contact_activities AS did WHERE did.tenant_id = \(reader.tenant)
                AND did.contact_id = \(trusted: person) AND did.type = \(self.kind.activity.rawValue)
                AND did.source = 'human'
            """
        if let within { acts += " AND did.at > \(reader.now - within)" }
        return least == 1 ? "EXISTS (SELECT 1 " + acts + ")" : "(SELECT count(*) " + acts + ") >= \(least)"
    }
}
