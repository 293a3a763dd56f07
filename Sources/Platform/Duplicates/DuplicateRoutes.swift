package import Database
internal import HTTPServer
internal import Intelligence
package import JSON
package import Records
package import Runtime

/// Compares the records of a resource that were imported in great numbers.
package struct DuplicateJob<R: Matchable>: JobKind {
    /// The kind is stored in the rows of jobs, so that tables are never renamed.
    package static var kind: String { "duplicates.\(R.resource.table)" }

    package struct Payload: Codable, Sendable { package init() {} }

    package init() {}

    package func timeout(_ payload: Payload) -> Duration { .seconds(3600) }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        while try await job.write(.lazy, { try $0.compareChanged(R.self) }) {}
        try await job.complete { try $0.learnMatching(of: R.resource.table) }
    }
}

extension Transaction {
    /// Has a job compare the records of a resource.
    package func compareLater<R: Matchable>(_ type: R.Type) throws {
        try enqueue(
            DuplicateJob<R>.self, DuplicateJob<R>.Payload(),
            JobOptions(uniqueKey: R.resource.table, uniqueness: .untilStarted))
    }
}

/// Two records that seem to be the same.
package struct DuplicatePair: Sendable {
    package let ids: [String], confidence: Double, reasons: [String]

    init(_ row: Row) {
        (ids, confidence) = ([row.text(1), row.text(2)], row.double(3))
        reasons = [Likening](text: row.text(4)).reasons
    }

    package func json(of table: String) -> JSON {
        [
            table: JSON(ids), "confidence": .number((confidence * 1000).rounded() / 1000),
            "reasons": JSON(reasons),
        ]
    }

    fileprivate static let columns: StaticString = "place, first_id, second_id, confidence, likening"
}

extension Queryable {
    /// Returns the pairs of a resource after a position, the most certain first.
    package func duplicatePairs(
        of table: String, after place: String = "", limit: Int
    ) throws -> [(place: String, pair: DuplicatePair)] {
        try all(
            """
            SELECT \(raw: DuplicatePair.columns) FROM duplicate_pairs
            WHERE tenant_id = \(tenant) AND resource = \(table) AND is_shown = 1 AND place > \(place)
            ORDER BY place LIMIT \(limit)
            """
        ) { ($0.text(0), DuplicatePair($0)) }
    }
}

extension Database {
    /// Compares the changed records: all of them, or at most a number of chunks; a job compares the rest.
    package func compareChanged<R: Matchable>(
        _ type: R.Type, of tenant: TenantID, chunksMax: Int = .max
    ) async throws {
        var chunks = 0
        while try read(tenant, { try $0.hasUncompared(R.self) || R.hasUncomparedFirst(in: $0) }) {
            guard chunks < chunksMax else {
                return try await write(tenant) { try $0.compareLater(R.self) }
            }
            _ = try await write(tenant) { try $0.compareChanged(R.self) }
            chunks += 1
        }
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
                    "description": "How likely they are the same.",
                ],
                "reasons": [
                    "type": "array", "items": ["type": "string"],
                    "description":
                        "What they have in common; reasons that begin with 'but' speak against it.",
                ],
            ], required: [table, "confidence", "reasons"])
        let columns: [SimpleList.Column] = [.init("confidence", .number(0...1))]
        get(
            "/v1/\(table)/duplicates", .permission(read),
            "Lists pairs of \(table) that seem to be the same, the surest first",
            query: SimpleList.docs(columns, fields: []).filter { !["sort", "fields"].contains($0.name) },
            .list(of: pair)
        ) { call in
            let query = call.request.head.query
            guard call.query("sort") == nil else {
                throw Problem(.invalidParameter, "The list has one order: the surest pairs first.")
            }
            // A faulty query is refused before any work is done.
            _ = try SimpleList(query, columns, key: "place", oldestFirst: true, dialect: .sqlite)
            return .task {
                try await call.database.compareChanged(R.self, of: call.tenant, chunksMax: 5)
                return try call.database.read(call.tenant) { reader in
                    var list = try SimpleList(
                        query, columns, key: "place", oldestFirst: true, dialect: reader.dialect)
                    list.add("resource = \(table) AND is_shown = 1")
                    return try list.page(
                        of: "duplicate_pairs", DuplicatePair.columns, in: reader,
                        keyOf: { .string($0.text(0)) }
                    ) { $1.value(DuplicatePair($0).json(of: table)) }
                }
            }
        }
    }
}
