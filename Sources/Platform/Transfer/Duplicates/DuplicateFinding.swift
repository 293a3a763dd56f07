package import Database
internal import Nouns
internal import Glibc
internal import Intelligence
internal import Records

// Pairs of records that seem to be the same are stored in `duplicate_pairs`, so that a list of them costs no more than
// a page. Records that were created or changed since are compared before the next answer, or by a job where there are
// many; each is compared with those that share a key with it (`duplicate_keys`), never with the whole table. Only the
// results go through the writer. The keys are stored before anything is compared: of two records that are compared at
// the same time, the later one finds the earlier one.

extension Database {
    /// Compares some of the changed records; returns false where there were none.
    func compareSome<R: Matchable>(
        _ type: R.Type, of tenant: TenantID, _ priority: WritePriority
    ) async throws -> Bool {
        if let first = R.comparedFirst, try await compareSome(first, of: tenant, priority) { return true }
        let changed = try read(tenant) { try $0.duplicates.changedRecords(R.self) }
        guard !changed.items.isEmpty else { return false }
        try await write(tenant, priority) { try $0.duplicates.storeKeys(of: changed) }
        let comparison = try read(tenant) { try $0.duplicates.compare(changed) }
        try await write(tenant, priority) { try $0.duplicates.store(comparison, of: changed) }
        return true
    }
}

/// Records that have changed since they were compared, and what they are compared by.
private struct ChangedRecords<R: Matchable>: Sendable {
    struct Item: Sendable {
        let record: R
        let profile: MatchProfile?
        /// The hashes of the profile's keys.
        let keys: [Int64]
    }

    let items: [Item]
}

/// The pairs of changed records with others, judged by the model of that time.
private struct Comparison<R: Matchable>: Sendable {
    struct Pair: Sendable {
        /// The changed record, and the one it was compared with.
        let record: ID<R.Identity>, other: ID<R.Identity>
        let likening: [Likening], rarity: Double, confidence: Double
    }

    let model: MatchModel
    var observed: [String: Int] = [:]
    var pairs: [Pair] = []
    /// The versions of the records that were compared.
    var versions: [ID<R.Identity>: Int64] = [:]
}

extension DuplicateStore {
    /// Returns how many records have changed since they were compared, counting up to a number. Their order has SQLite
    /// read the index of the changed records, instead of all records.
    func uncompared<R: Matchable>(_ type: R.Type, upTo most: Int) throws -> Int {
        try tx.first(
            """
            SELECT count(*) FROM (
                SELECT id FROM \(trusted: R.resource.table)
                WHERE tenant_id = \(tx.tenant) AND matched_version <> version
                ORDER BY id LIMIT \(most)) AS changed
            """
        ) { $0.int(0) } ?? 0
    }

    fileprivate func changedRecords<R: Matchable>(_ type: R.Type) throws -> ChangedRecords<R> {
        let records = try R.resource.all(
            where: "matched_version <> version", suffix: "ORDER BY id LIMIT \(chunk)", in: tx)
        return ChangedRecords(
            items: zip(records, try R.matchProfiles(of: records, in: tx)).map { record, profile in
                .init(
                    record: record, profile: profile,
                    keys: profile.map { $0.keys.map { hash($0, R.resource.table) } } ?? [])
            })
    }

    /// Compares each record with those that share the most telling keys with it.
    fileprivate func compare<R: Matchable>(_ changed: ChangedRecords<R>) throws -> Comparison<R> {
        let table = R.resource.table
        let candidates = try candidates(for: changed)
        var profiles: [ID<R.Identity>: MatchProfile] = [:]
        var comparison = Comparison<R>(model: try matchMemory(of: table).model)
        for item in changed.items {
            profiles[item.record.id] = item.profile
            comparison.versions[item.record.id] = Int64(item.record.version)
        }
        let others = Set(candidates.values.joined()).subtracting(comparison.versions.keys).sorted()
        for start in stride(from: 0, to: others.count, by: 500) {
            let ids = Array(others[start..<min(start + 500, others.count)])
            let found = try R.resource.all(where: "id IN \(list: ids)", suffix: "ORDER BY id", in: tx)
            for (record, profile) in zip(found, try R.matchProfiles(of: found, in: tx)) {
                profiles[record.id] = profile
                comparison.versions[record.id] = Int64(record.version)
            }
        }
        for item in changed.items {
            let id = item.record.id
            guard let profile = item.profile else { continue }
            for other in candidates[id, default: []].sorted() {
                // Where both records have changed, one finds the other.
                if other < id, candidates[other]?.contains(id) == true { continue }
                guard let second = profiles[other] else { continue }
                let likening = profile.likening(to: second)
                comparison.observed[likening.text, default: 0] += 1
                let rarity = try rarity(of: profile, likening, table)
                let confidence = comparison.model.confidence(likening, rarity: rarity)
                guard confidence >= keptMin else { continue }
                comparison.pairs.append(
                    .init(
                        record: id, other: other, likening: likening, rarity: rarity, confidence: confidence))
            }
        }
        return comparison
    }

    /// Returns, for each record, the others that are worth comparing with it: each shared key counts the more the
    /// fewer records have it.
    private func candidates<R: Matchable>(
        for changed: ChangedRecords<R>
    ) throws -> [ID<R.Identity>: Set<ID<R.Identity>>] {
        var sharing: [Int64: [ID<R.Identity>]] = [:]
        var candidates: [ID<R.Identity>: Set<ID<R.Identity>>] = [:]
        for item in changed.items {
            let id = item.record.id
            var weights: [ID<R.Identity>: Double] = [:]
            for key in item.keys {
                let ids =
                    try sharing[key]
                    ?? tx.all(keysOf, [tx.tenant.sqlValue, .integer(key), (blockMax + 1).sqlValue]) {
                        ID<R.Identity>($0, 0)
                    }
                sharing[key] = ids
                guard (2...blockMax).contains(ids.count) else { continue }
                for other in ids where other != id { weights[other, default: 0] += 1 / Double(ids.count) }
            }
            let best = weights.filter { $0.value >= weightMin }
                .sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(candidatesMax)
            candidates[id] = Set(best.map(\.key))
        }
        return candidates
    }

    /// Returns how much rarer than usual a name is: a name that many records share says less, where nothing else
    /// identifies the person.
    private func rarity(of profile: MatchProfile, _ likening: [Likening], _ table: String) throws -> Double {
        guard likening.contains(where: { $0.field == "person" && $0.level >= 3 }),
            !likening.contains(where: { ["email", "phone", "link"].contains($0.field) && $0.level > 0 })
        else { return 0 }
        let words = profile.person.split(separator: " ").sorted().joined(separator: " ")
        let key = hash("person \(words)", table)
        let count = try tx.all(keysOf, [tx.tenant.sqlValue, .integer(key), (namesakesMax + 1).sqlValue]) {
            _ in 1
        }
        .count
        return -log(max(1, Double(count) / 3))
    }

    /// Returns a key as a number, from which nobody can read an address.
    fileprivate func hash(_ key: String, _ table: String) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(tx.tenant.rawValue) \(table) \(key)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        return Int64(bitPattern: hash)
    }
}

/// The most changed records that are compared at once.
private let chunk = 250
/// The most records with the same key that are compared; a key that more records share does not help to tell them
/// apart.
private let blockMax = 50
/// The most records that one is compared with.
private let candidatesMax = 30
/// The least weight of the keys that two records share: that of one key that twenty records have.
private let weightMin = 0.05
private let namesakesMax = 100
/// The least confidence of a pair that is stored.
private let keptMin = 0.1

package extension DuplicateStore where Base == Transaction {
    /// Stores the keys of those records that have not changed or gone meanwhile.
    fileprivate func storeKeys<R: Matchable>(of changed: ChangedRecords<R>) throws {
        let versions = try versions(of: changed.items.map(\.record.id), R.self)
        for item in changed.items where versions[item.record.id] == Int64(item.record.version) {
            for key in item.keys {
                try tx.run(insertKey, [tx.tenant.sqlValue, .integer(key), item.record.id.sqlValue])
            }
        }
    }

    /// Stores the pairs found. A record that has changed meanwhile is compared again.
    fileprivate func store<R: Matchable>(_ comparison: Comparison<R>, of changed: ChangedRecords<R>) throws {
        let table = R.resource.table
        var memory = try lockedMatchMemory(of: table)
        guard memory.model == comparison.model else { return }
        let ids = changed.items.map(\.record.id)
        let now = try versions(of: Array(Set(ids).union(comparison.pairs.map(\.other))), R.self)
        let unchanged = Set(now.filter { comparison.versions[$0.key] == $0.value }.keys)
        let compared = changed.items.map(\.record).filter { unchanged.contains($0.id) }
        try forgetPairs(of: compared.map(\.id), in: table)
        for pair in comparison.pairs where unchanged.contains(pair.record) && unchanged.contains(pair.other) {
            let (first, second) = (min(pair.record, pair.other), max(pair.record, pair.other))
            let rank = PairRank(pair.confidence, first, second)
            try tx.run(
                insertPair,
                [
                    tx.tenant.sqlValue, table.sqlValue, first.sqlValue, second.sqlValue,
                    rank.confidence.sqlValue, rank.isShown.sqlValue, rank.place.sqlValue,
                    pair.likening.text.sqlValue, pair.rarity.sqlValue,
                ])
        }
        for record in compared {
            try tx.run(
                """
                UPDATE \(trusted: table) SET matched_version = \(record.version)
                WHERE tenant_id = \(tx.tenant) AND id = \(record.id)
                """)
        }
        for (text, count) in comparison.observed { memory.note(text, count) }
        try keep(memory, of: table)
        try R.compared(compared, in: tx)
    }

    private func versions<R: Matchable>(
        of ids: [ID<R.Identity>], _ type: R.Type
    ) throws -> [ID<R.Identity>: Int64] {
        var versions: [ID<R.Identity>: Int64] = [:]
        try tx.each(
            """
            SELECT id, version FROM \(trusted: R.resource.table)
            WHERE tenant_id = \(tx.tenant) AND id IN \(list: ids.sorted())
            """
        ) { versions[ID($0, 0)] = $0.int64(1) }
        return versions
    }

    /// Removes the keys and pairs of a record that is deleted, or whose person is erased.
    func forgetMatches<R: Matchable>(of record: R) throws {
        let table = R.resource.table
        for profile in try R.matchProfiles(of: [record], in: tx) {
            for key in profile?.keys ?? [] {
                try tx.run(
                    """
                    DELETE FROM duplicate_keys
                    WHERE tenant_id = \(tx.tenant) AND key = \(hash(key, table)) AND record_id = \(record.id)
                    """)
            }
        }
        try forgetPairs(of: [record.id], in: table)
    }

    private func forgetPairs<Noun>(of ids: [ID<Noun>], in table: String) throws {
        for column in ["first_id", "second_id"] {
            try tx.run(
                """
                DELETE FROM duplicate_pairs
                WHERE tenant_id = \(tx.tenant) AND resource = \(table) AND \(trusted: column) IN \(list: ids)
                """)
        }
    }
}

private let insertPair = Statement(
    """
    INSERT INTO duplicate_pairs
        (tenant_id, resource, first_id, second_id, confidence, is_shown, place, likening, rarity)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (tenant_id, resource, first_id, second_id) DO NOTHING
    """)

private let insertKey = Statement(
    "INSERT INTO duplicate_keys (tenant_id, key, record_id) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")

private let keysOf = Statement(
    "SELECT record_id FROM duplicate_keys WHERE tenant_id = $1 AND key = $2 ORDER BY record_id DESC LIMIT $3")
