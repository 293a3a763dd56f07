internal import Database
internal import Intelligence
internal import JSON
internal import Nouns
internal import Records

/// The results of an agency's comparisons so far, from which the weights of the fields are learned.
struct MatchMemory {
    private static let likeningsMax = 1000
    var model = MatchModel()
    /// The number of pairs with each result, such as `email 3;person 4`.
    private(set) var observed: [String: Int] = [:]

    init() {}

    init(model: JSON, observed: JSON) {
        self.model = MatchModel(json: model) ?? MatchModel()
        for (text, count) in observed.object?.members ?? [] { self.observed[text] = Int(count.int ?? 0) }
    }

    var pairs: Int { observed.values.reduce(0, +) }

    mutating func note(_ likening: String, _ count: Int) {
        guard observed[likening] != nil || observed.count < Self.likeningsMax else { return }
        observed[likening, default: 0] += count
    }

    var json: JSON {
        .object(JSONObject(observed.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }))
    }
}

extension DuplicateStore {
    func matchMemory(of table: String) throws -> MatchMemory {
        try tx.first(
            "SELECT model, observed FROM duplicate_models WHERE tenant_id = \(tx.tenant) AND resource = \(table)"
        ) { MatchMemory(model: JSON(stored: $0.text(0)), observed: JSON(stored: $0.text(1))) }
            ?? MatchMemory()
    }
}

extension DuplicateStore where Base == Transaction {
    /// Reads the memory and locks it for this transaction.
    func lockedMatchMemory(of table: String) throws -> MatchMemory {
        try tx.run(
            """
            INSERT INTO duplicate_models (tenant_id, resource, model, observed)
            VALUES (\(tx.tenant), \(table), 'null', '{}')
            ON CONFLICT (tenant_id, resource) DO UPDATE SET resource = excluded.resource
            """)
        return try matchMemory(of: table)
    }

    func keep(_ memory: MatchMemory, of table: String) throws {
        try tx.run(
            """
            UPDATE duplicate_models SET model = \(memory.model.json.serialized), observed = \(memory.json.serialized)
            WHERE tenant_id = \(tx.tenant) AND resource = \(table)
            """)
    }

    /// Fits the weights again once there are twice as many pairs as the last time, and weighs all pairs by them.
    func learnMatching(of table: String) throws {
        var memory = try lockedMatchMemory(of: table)
        guard memory.pairs >= 100, memory.pairs >= 2 * memory.model.pairs else { return }
        memory.model = MatchModel.fit(memory.observed.map { ([Likening](text: $0.key), $0.value) })
        try keep(memory, of: table)
        let pairs = try tx.all(
            """
            SELECT first_id, second_id, likening, rarity FROM duplicate_pairs
            WHERE tenant_id = \(tx.tenant) AND resource = \(table) ORDER BY first_id, second_id
            """
        ) { ($0.text(0), $0.text(1), [Likening](text: $0.text(2)), $0.double(3)) }
        for (first, second, likening, rarity) in pairs {
            let rank = PairRank(memory.model.confidence(likening, rarity: rarity), first, second)
            try tx.run(
                weighPair,
                [
                    tx.tenant.sqlValue, table.sqlValue, first.sqlValue, second.sqlValue,
                    rank.confidence.sqlValue, rank.isShown.sqlValue, rank.place.sqlValue,
                ])
        }
    }
}

/// Where a pair stands in the list of its resource.
struct PairRank {
    let confidence: Double
    /// The sort key, which puts the most certain pairs first.
    let place: String

    init(_ confidence: Double, _ first: some Key, _ second: some Key) {
        self.confidence = confidence
        let doubt = String(1000 - Int((confidence * 1000).rounded()))
        place = String(repeating: "0", count: 4 - doubt.utf8.count) + "\(doubt) \(first.keyText) \(second.keyText)"
    }

    /// Pairs that are more likely the same than not are shown.
    var isShown: Bool { confidence >= 0.5 }
}

private let weighPair = Statement(
    """
    UPDATE duplicate_pairs SET confidence = $5, is_shown = $6, place = $7
    WHERE tenant_id = $1 AND resource = $2 AND first_id = $3 AND second_id = $4
    """)
