package import Database
internal import HTTPServer
internal import Intelligence
package import JSON
package import Jobs
package import Nouns
package import Records
internal import Routing

/// Compares the records of a resource that were imported in great numbers.
package struct DuplicateJob<R: Matchable>: JobKind {
    /// The kind is stored in the rows of jobs, so that tables are never renamed.
    package static var kind: String { "duplicates.\(R.resource.table)" }
    package static var limits: JobLimits { JobLimits(concurrency: 1) }

    package struct Payload: Codable, Sendable { package init() {} }

    package init() {}

    package func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        while try await job.runtime.database.compareSome(R.self, of: job.tenant, .lazy) {
            try Task.checkCancellation()
            try await job.write(.lazy, advancing: true) { _ in }
        }
        try await job.complete { try $0.duplicates.learnMatching(of: R.resource.table) }
    }
}

extension DuplicateStore where Base == Transaction {
    /// Has a job compare the records of a resource.
    package func compareLater<R: Matchable>(_ type: R.Type) throws {
        try tx.jobs.enqueue(
            DuplicateJob<R>.self, DuplicateJob<R>.Payload(),
            JobOptions(uniqueKey: R.resource.table, uniqueness: .untilStarted, limitKey: "duplicates"))
    }
}

/// Two records that seem to be the same.
package struct DuplicatePair: StoredRow {
    /// Its place in the list of its resource.
    package let place: String
    package let ids: [String], confidence: Double, reasons: [String]

    package static let columns = Columns(of: Self.self)

    package init(_ row: inout ColumnReader) {
        (place, ids) = (row.text("place"), [row.text("first_id"), row.text("second_id")])
        (confidence, reasons) = (row.double("confidence"), [Likening](text: row.text("likening")).reasons)
    }

    /// Returns the two records; `nil` where they are of another type.
    package func records<R: Record>(of type: R.Type) -> (ID<R.Identity>, ID<R.Identity>)? {
        guard let first = ID<R.Identity>(ids[0]), let second = ID<R.Identity>(ids[1]) else { return nil }
        return (first, second)
    }

    package func json(of table: String) -> JSON {
        [
            table: JSON(ids), "confidence": .number((confidence * 1000).rounded() / 1000),
            "reasons": JSON(reasons),
        ]
    }
}

extension DuplicateStore {
    /// Returns the pairs of a resource after a position, the most certain first.
    package func pairs(
        of table: String, after place: String = "", limit: Int
    ) throws -> [DuplicatePair] {
        try tx.all(
            """
            SELECT \(DuplicatePair.columns) FROM duplicate_pairs
            WHERE tenant_id = \(tx.tenant) AND resource = \(table) AND is_shown = 1 AND place > \(place)
            ORDER BY place LIMIT \(limit)
            """, DuplicatePair.init)
    }
}

extension Database {
    /// Compares all records that have changed.
    package func compareChanged<R: Matchable>(_ type: R.Type, of tenant: TenantID) async throws {
        while try await compareSome(type, of: tenant, .request) {}
    }

    /// Compares the records that have changed where they are few, or has a job compare them; returns whether all are
    /// compared.
    fileprivate func compareFew<R: Matchable>(_ type: R.Type, of tenant: TenantID) async throws -> Bool {
        let most = 500
        let changed = try read(tenant) { reader in
            try reader.duplicates.uncompared(R.self, upTo: most)
                + (R.comparedFirst.map { try reader.duplicates.uncompared($0, upTo: most) } ?? 0)
        }
        if changed < most {
            try await compareChanged(type, of: tenant)
        } else {
            try await write(tenant) { try $0.duplicates.compareLater(R.self) }
        }
        return changed < most
    }
}

extension Routes {
    /// Adds the route `GET /v1/{resource}/duplicates`.
    package mutating func duplicates<R: Matchable>(of resource: Resource<R>, read: Permission) {
        let table = resource.table
        let pair: JSON = .schema(
            [
                table: [
                    "type": "array", "items": ["type": "string"], "minItems": 2, "maxItems": 2,
                    "description": "The two records.",
                    "examples": [
                        [
                            .string("\(R.idPrefix)_01k0000000000000000000000a"),
                            .string("\(R.idPrefix)_01k0000000000000000000000b"),
                        ]
                    ],
                ],
                "confidence": [
                    "type": "number", "minimum": 0, "maximum": 1,
                    "description": "How likely the two records are the same, from 0 to 1.",
                ],
                "reasons": [
                    "type": "array", "items": ["type": "string"],
                    "description":
                        "The similarities of the two records; reasons that begin with 'but' speak against a match.",
                ],
            ], required: [table, "confidence", "reasons"])
        let complete: JSON = [
            "type": "boolean",
            "description": .string(
                "Whether all \(table) are compared. After many have changed, a job (duplicates.\(table)) compares them; the pairs that it has found so far are listed."
            ),
        ]
        let columns: [SimpleList.Column] = [.init("confidence", .number(0...1))]
        get(
            "/v1/\(table)/duplicates", .permission(read),
            "List pairs of \(table) that seem to be the same, the surest first",
            query: SimpleList.docs(columns, fields: []).filter { !["sort", "fields"].contains($0.name) },
            .json(.page(of: pair, also: ["is_complete": complete]), "A page.")
        ) { call in
            let query = call.request.head.query
            guard call.query("sort") == nil else {
                throw Problem(
                    .invalidParameter, "This list cannot be sorted: it always has the surest pairs first.")
            }
            // A faulty query is refused before any work is done.
            _ = try SimpleList(query, columns, key: "place", oldestFirst: true, dialect: .sqlite)
            return .task {
                let isComplete = try await call.database.compareFew(R.self, of: call.tenant)
                return try call.database.read(call.tenant) { reader in
                    var list = try SimpleList(
                        query, columns, key: "place", oldestFirst: true, dialect: reader.dialect)
                    list.add("resource = \(table) AND is_shown = 1")
                    return try list.page(
                        of: "duplicate_pairs", DuplicatePair.self, in: reader,
                        also: ["is_complete": .bool(isComplete)]
                    ) { $1.value($0.json(of: table)) }
                }
            }
        }
    }
}
