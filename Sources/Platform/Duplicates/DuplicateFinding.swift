package import Database
internal import Glibc
internal import Intelligence
internal import JSON
internal import Records

// Pairs of records that seem to be the same are stored in `duplicate_pairs`, so that a list of them costs no more than
// a page. A record that was created or changed since is compared before the next answer, or by a job where there are
// many; it is compared with the records that share a key with it (`duplicate_keys`), never with the whole table.

extension Queryable {
    /// Whether records have changed since they were compared.
    package func hasUncompared<R: Matchable>(_ type: R.Type) throws -> Bool {
        try exists(
            """
            SELECT 1 FROM \(trusted: R.resource.table)
            WHERE tenant_id = \(tenant) AND matched_version <> version LIMIT 1
            """)
    }
}

extension Transaction {
    /// Compares some of the changed records; returns whether there may be more.
    package func compareChanged<R: Matchable>(_ type: R.Type) throws -> Bool {
        if try R.hasUncomparedFirst(in: self) {
            try R.compareFirst(in: self)
            return true
        }
        let records = try R.resource.all(
            where: "matched_version <> version", suffix: "ORDER BY id LIMIT \(Self.chunk)", in: self)
        guard !records.isEmpty else { return false }
        var memory = try matchMemory(of: R.resource.table)
        try forgetPairs(of: records.map(\.id.text), in: R.resource.table)
        let profiles = try R.matchProfiles(of: records, in: self)
        var known: [String: MatchProfile] = [:]
        for (record, profile) in zip(records, profiles) {
            guard let profile else { continue }
            known[record.id.text] = profile
            for key in profile.keys {
                try run(insertKey, [tenant.sqlValue, hash(key, R.resource.table), record.id.sqlValue])
            }
        }
        let neighbours = try neighbours(of: known, in: R.resource.table)
        let others = Set(neighbours.values.joined()).subtracting(known.keys).sorted()
        for start in stride(from: 0, to: others.count, by: 500) {
            let ids = Array(others[start..<min(start + 500, others.count)])
            let found = try R.resource.all(where: "id IN \(list: ids)", suffix: "ORDER BY id", in: self)
            for (record, profile) in zip(found, try R.matchProfiles(of: found, in: self)) {
                known[record.id.text] = profile
            }
        }
        try keepPairs(neighbours, known, R.resource.table, &memory)
        for record in records {
            try run(
                """
                UPDATE \(trusted: R.resource.table) SET matched_version = \(record.version)
                WHERE tenant_id = \(tenant) AND id = \(record.id)
                """)
        }
        try keep(memory, of: R.resource.table)
        try R.compared(records, in: self)
        return records.count == Self.chunk
    }

    private static var chunk: Int { 200 }
    /// The most records with the same key that are compared; a key that more records share does not help to tell them
    /// apart.
    private static var blockMax: Int { 100 }
    /// The least confidence of a pair that is stored; pairs that are more likely the same than not are shown.
    private static var keptMin: Double { 0.1 }

    /// Returns, for each record, the others that share a key with it.
    private func neighbours(
        of profiles: [String: MatchProfile], in table: String
    ) throws -> [String: Set<String>] {
        var neighbours: [String: Set<String>] = [:]
        for (id, profile) in profiles {
            for key in profile.keys {
                let sharing = try all(
                    keysOf, [tenant.sqlValue, hash(key, table), (Self.blockMax + 1).sqlValue]
                ) { $0.text(0) }
                guard sharing.count > 1, sharing.count <= Self.blockMax || key.hasPrefix("email ") else {
                    continue
                }
                neighbours[id, default: []].formUnion(sharing)
            }
            neighbours[id]?.remove(id)
        }
        return neighbours
    }

    private func keepPairs(
        _ neighbours: [String: Set<String>], _ profiles: [String: MatchProfile], _ table: String,
        _ memory: inout MatchMemory
    ) throws {
        for (id, others) in neighbours.sorted(by: { $0.key < $1.key }) {
            for other in others.sorted() {
                // Where both records are new, one finds the other.
                if other < id, neighbours[other]?.contains(id) == true { continue }
                guard let one = profiles[id], let two = profiles[other] else { continue }
                let likening = one.likening(to: two)
                memory.note(likening)
                let rarity = try rarity(of: one, likening, table)
                let confidence = memory.model.confidence(likening, rarity: rarity)
                guard confidence >= Self.keptMin else { continue }
                let (first, second) = id < other ? (id, other) : (other, id)
                try run(
                    """
                    INSERT INTO duplicate_pairs
                        (tenant_id, resource, first_id, second_id, confidence, is_shown, place, likening, rarity)
                    VALUES (\(tenant), \(table), \(first), \(second), \(confidence), \(isShown(confidence)),
                        \(place(confidence, first, second)), \(likening.text), \(rarity))
                    ON CONFLICT (tenant_id, resource, first_id, second_id) DO NOTHING
                    """)
            }
        }
    }

    /// Returns how much rarer than usual a name is: a name that many records share says less, where nothing else
    /// identifies the person.
    private func rarity(of profile: MatchProfile, _ likening: [Likening], _ table: String) throws -> Double {
        guard likening.contains(where: { $0.field == "person" && $0.level >= 3 }),
            !likening.contains(where: { ["email", "phone", "link"].contains($0.field) && $0.level > 0 })
        else { return 0 }
        let words = profile.person.split(separator: " ").sorted().joined(separator: " ")
        let count = try all(
            keysOf, [tenant.sqlValue, hash("person \(words)", table), (Self.blockMax + 1).sqlValue]
        ) { _ in 1 }.count
        return -log(max(1, Double(count) / 3))
    }

    /// Removes the keys and pairs of a record that is deleted, or whose person is erased.
    package func forgetMatches<R: Matchable>(of record: R) throws {
        let table = R.resource.table
        for profile in try R.matchProfiles(of: [record], in: self) {
            for key in profile?.keys ?? [] {
                try run(
                    """
                    DELETE FROM duplicate_keys
                    WHERE tenant_id = \(tenant) AND key = \(hash(key, table)) AND record_id = \(record.id)
                    """)
            }
        }
        try forgetPairs(of: [record.id.text], in: table)
    }

    private func forgetPairs(of ids: [String], in table: String) throws {
        for column in ["first_id", "second_id"] {
            try run(
                """
                DELETE FROM duplicate_pairs
                WHERE tenant_id = \(tenant) AND resource = \(table) AND \(trusted: column) IN \(list: ids)
                """)
        }
    }

    // MARK: What the agency's records teach

    /// Fits the weights again once there are twice as many pairs as the last time, and weighs all pairs by them.
    func learnMatching(of table: String) throws {
        var memory = try matchMemory(of: table)
        guard memory.pairs >= 100, memory.pairs >= 2 * memory.model.pairs else { return }
        memory.model = MatchModel.fit(memory.observed.map { ([Likening](text: $0.key), $0.value) })
        try keep(memory, of: table)
        let pairs = try all(
            """
            SELECT first_id, second_id, likening, rarity FROM duplicate_pairs
            WHERE tenant_id = \(tenant) AND resource = \(table) ORDER BY first_id, second_id
            """
        ) { ($0.text(0), $0.text(1), [Likening](text: $0.text(2)), $0.double(3)) }
        for (first, second, likening, rarity) in pairs {
            let confidence = memory.model.confidence(likening, rarity: rarity)
            try run(
                """
                UPDATE duplicate_pairs SET confidence = \(confidence), is_shown = \(isShown(confidence)),
                    place = \(place(confidence, first, second))
                WHERE tenant_id = \(tenant) AND resource = \(table) AND first_id = \(first) AND second_id = \(second)
                """)
        }
    }

    private func isShown(_ confidence: Double) -> Bool { confidence >= 0.5 }

    /// Returns the sort key of a pair, which puts the most certain pairs first.
    private func place(_ confidence: Double, _ first: String, _ second: String) -> String {
        let doubt = String(1000 - Int((confidence * 1000).rounded()))
        return String(repeating: "0", count: 4 - doubt.utf8.count) + "\(doubt) \(first) \(second)"
    }

    /// Returns a key as a number, from which nobody can read an address.
    private func hash(_ key: String, _ table: String) -> SQLValue {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(tenant.rawValue) \(table) \(key)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return .integer(Int64(bitPattern: hash))
    }

    /// Reads the counts and locks them for this transaction: two comparisons at the same time would miss each other's
    /// records.
    private func matchMemory(of table: String) throws -> MatchMemory {
        try run(
            """
            INSERT INTO duplicate_models (tenant_id, resource, model, observed)
            VALUES (\(tenant), \(table), 'null', '{}')
            ON CONFLICT (tenant_id, resource) DO UPDATE SET resource = excluded.resource
            """)
        return try first(
            "SELECT model, observed FROM duplicate_models WHERE tenant_id = \(tenant) AND resource = \(table)"
        ) { MatchMemory(model: JSON(stored: $0.text(0)), observed: JSON(stored: $0.text(1))) }
            ?? MatchMemory()
    }

    private func keep(_ memory: MatchMemory, of table: String) throws {
        try run(
            """
            UPDATE duplicate_models SET model = \(memory.model.json.serialized), observed = \(memory.json.serialized)
            WHERE tenant_id = \(tenant) AND resource = \(table)
            """)
    }
}

/// The results of an agency's comparisons so far.
private struct MatchMemory {
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

    mutating func note(_ likening: [Likening]) {
        let text = likening.text
        guard observed[text] != nil || observed.count < Self.likeningsMax else { return }
        observed[text, default: 0] += 1
    }

    var json: JSON {
        .object(JSONObject(observed.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }))
    }
}

private let insertKey = Statement(
    "INSERT INTO duplicate_keys (tenant_id, key, record_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")

private let keysOf = Statement(
    "SELECT record_id FROM duplicate_keys WHERE tenant_id = $1 AND key = $2 ORDER BY record_id DESC LIMIT $3")
