package import Database
package import JSON
package import Records
internal import Wire

/// A kind of record that is found by its words, for the search over all kinds.
package struct SearchedKind: Sendable {
    /// `lead`, and `leads`: the last part of its path.
    package let type: String, kind: String
    package let read: Permission
    /// Finds the newest records that have all words, as hits; at most `limit`.
    package let find: @Sendable (_ words: String, _ limit: Int, _ reader: Reader) throws -> [SearchHit]

    /// `nil` where a record has no full text.
    init?<R: Record>(_ resource: Resource<R>, read: Permission) {
        guard resource.searchTable != nil else { return nil }
        let kind = resource.table.replacing("_", with: "-"), type = resource.noun
        (self.type, self.kind, self.read) = (type, kind, read)
        let columns = resource.namingColumns, hidesArchived = resource.mayBeArchived
        find = { words, limit, reader in
            var list = try ListQuery(resource, [QueryItem(name: "q", value: words)], dialect: reader.dialect)
            if hidesArchived { list.add("status <> 'archived'") }
            var hits: [SearchHit] = []
            _ = try list.rows(["id"] + columns, limit: limit, after: nil, in: reader) { row in
                let names = columns.indices.compactMap { row.optionalText($0 + 2) }.filter { !$0.isEmpty }
                hits.append(SearchHit(type: type, kind: kind, id: row.text(1), title: names.first ?? ""))
            }
            return hits
        }
    }
}

/// A record that was found: its kind, and what people call it.
package struct SearchHit: Sendable {
    let type: String, kind: String, id: String
    package let title: String

    package var json: JSON {
        ["type": .string(type), "kind": .string(kind), "id": .string(id), "title": .string(title)]
    }
}

extension Resource {
    /// The columns that name a record: its name, and where that is empty what it is found by.
    fileprivate var namingColumns: [String] {
        let found = searchable.filter { if case .text = $0.kind.storage { true } else { false } }.map(\.name)
        let name = titleField.flatMap { schema[$0] }.flatMap { field -> String? in
            if case .text = field.kind.storage { field.name } else { nil }
        }
        let others = found.filter { $0 != name }
        return [name].compactMap(\.self) + others.prefix(2)
    }

    /// Lists leave out what is archived, and so does the search.
    fileprivate var mayBeArchived: Bool {
        if case .choice(let choices)? = schema["status"]?.kind { choices.contains("archived") } else { false }
    }
}
