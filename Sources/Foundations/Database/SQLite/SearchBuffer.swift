internal import CSQLite

/// The words of one text at a time, in a buffer that a connection keeps, with the tenants' marks.
struct SearchBuffer {
    private static let marksMax = 1000
    /// A buffer that a long text has made larger is not kept.
    private static let bytesMax = 1 << 16

    private(set) var words: [UInt8] = []
    private var marks: [TenantID: [UInt8]] = [:]

    mutating func fill(_ text: String, of tenant: TenantID) {
        if words.capacity > Self.bytesMax { words = [] }
        SearchWords.write(text, mark(of: tenant), to: &words)
    }

    private mutating func mark(of tenant: TenantID) -> [UInt8] {
        if let known = marks[tenant] { return known }
        if marks.count >= Self.marksMax { marks.removeAll(keepingCapacity: true) }
        let mark = SearchWords.markBytes(tenant)
        marks[tenant] = mark
        return mark
    }
}

extension Session {
    /// Runs a file's statement of a row and the words of a text; a text without words changes nothing.
    func changeSearch(
        _ statement: Statement, row: Int64, _ text: String, of tenant: TenantID
    ) throws(DatabaseError) {
        guard case .sqlite(let connection) = try live() else { return }
        connection.search.fill(text, of: tenant)
        guard !connection.search.words.isEmpty else { return }
        let prepared = try connection.prepared(statement)
        for code in [
            prepared.bind(.integer(row), to: 0), prepared.bind(text: connection.search.words, to: 1),
        ]
        where code != SQLITE_OK {
            throw connection.failure(code, prepared.text)
        }
        _ = try connection.change(prepared)
    }
}
