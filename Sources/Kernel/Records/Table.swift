package import Database

extension Resource {
    /// The definitions of the table's columns beside `row`, without their standard values.
    package var columnDefinitions: [String] {
        ["tenant_id TEXT NOT NULL"] + fields.flatMap(\.definitions)
            + (stored == nil ? [] : ["\(StoredAnswer.column) TEXT"])
    }

    /// Returns the statements of the migration that creates the table, and its full text, without the fields that a
    /// later one adds. `checks` are conditions that every row meets. A test keeps the text of a released migration as
    /// it is: from then on a new field is declared with `.added(in:)`, and the others keep their names and kinds.
    package func creation(_ dialect: Dialect, checks: [String] = []) -> [String] {
        let first = fields.filter { $0.addedIn == nil }
        var lines = [dialect.identity(), "tenant_id TEXT NOT NULL"]
        lines += first.flatMap(\.definitions)
        lines += checks.map { "CHECK (\($0))" }
        lines.append(dialect.key("tenant_id, id"))
        let creation = """
            CREATE TABLE \(table) (
                \(lines.joined(separator: ",\n    "))
            ) \(dialect.tableOptions)
            """
        guard let searchTable, first.contains(where: \.isSearchable) else { return [creation] }
        return [creation] + dialect.searchTable(searchTable)
    }

    /// Returns the statements of the migration `number`: they add the fields that are declared with it. In the rows
    /// that are there, the fields have the value of a new record.
    package func addition(in number: Int) -> [String] {
        fields.filter { $0.addedIn == number }.flatMap { field -> [String] in
            var values: [SQLValue] = []
            field.bind(R(), &values)
            return zip(field.definitions, values).map { definition, value in
                let standard = value.literal.map { " DEFAULT \($0)" } ?? ""
                return "ALTER TABLE \(table) ADD COLUMN \(definition)\(standard)"
            }
        }
    }
}

extension Field {
    /// The definitions of its columns. The rows that were there before it was added have no value of a field that must
    /// be given since.
    fileprivate var definitions: [String] {
        let types =
            switch kind.storage {
            case .text, .json: ["TEXT"]
            case .integer, .boolean, .instant: ["INTEGER"]
            case .real: ["REAL"]
            case .money: ["INTEGER", "TEXT"]
            }
        let mayBeNull = isOptional && (!isRequired || addedIn != nil)
        return zip(columns, types).map { "\($0) \($1)\(mayBeNull ? "" : " NOT NULL")" }
    }
}

extension SQLValue {
    /// The value as a statement writes it; `nil` where there is none, and for bytes and ids, which no field adds.
    fileprivate var literal: String? {
        switch self {
        case .null, .blob, .id: nil
        case .integer(let number): "\(number)"
        case .real(let number): "\(number)"
        case .text(let text): "'\(text.replacing("'", with: "''"))'"
        }
    }
}
