internal import Database
internal import Extraction
internal import Intelligence
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

extension MarketStore {
    /// Returns what a competitor's pages say, the newest first.
    func statements(of competitor: ID<Competitor>) throws -> [CompetitorStatement] {
        try CompetitorStatement.resource.all(
            where: "competitor_id = \(competitor) AND ended_at IS NULL",
            suffix: "ORDER BY found_at DESC, id DESC LIMIT 1000", in: tx)
    }
}

extension MarketStore where Base == Transaction {
    /// Puts what a page says now in the place of what it said before. Returns what has changed, as activity; nothing
    /// when the page is read for the first time, and nothing that another page of the competitor's has told already.
    func renew(
        _ competitor: Competitor, _ row: MarketWatchRow, _ reading: OfferReading, isFirst: Bool
    ) throws -> [MarketActivity] {
        let all = try statements(of: competitor.id)
        let (old, elsewhere) = (all.filter { $0.url == row.url }, all.filter { $0.url != row.url })
        var said: [String: CompetitorStatement] = [:], told: [MarketActivity] = []
        for statement in Self.statements(reading) { said[statement.identity] = statement }
        func tell(_ before: CompetitorStatement?, _ after: CompetitorStatement?) {
            guard !isFirst, told.count < Self.changesMax, let shown = after ?? before else { return }
            let others = elsewhere.filter { $0.identity == shown.identity }
            if after.map({ new in others.contains { $0.said == new.said } }) ?? !others.isEmpty { return }
            told.append(change(competitor, row, from: before, to: after, shown))
        }
        for before in old {
            if let now = said[before.identity], now.said == before.said, now.isFrom == before.isFrom {
                said[before.identity] = nil
                continue
            }
            try end(before)
            // Its replacement is told with it, below.
            if said[before.identity] == nil, before.kind != .tagline { tell(before, nil) }
        }
        for (_, statement) in said.sorted(by: {
            ($0.value.kind.rawValue, $0.key) < ($1.value.kind.rawValue, $1.key)
        }) {
            var new = statement
            new.beginLife(id: tx.nextID(), now: tx.now)
            (new.competitorID, new.clientID, new.url) = (competitor.id, competitor.clientID, row.url)
            new.foundAt = tx.now
            try CompetitorStatement.resource.insert(&new, in: tx)
            tell(old.first { $0.identity == new.identity }, new)
        }
        return told
    }

    /// Ends what was read on pages that are watched no more.
    func endStatements(of competitor: ID<Competitor>, except urls: [String]) throws {
        for statement in try statements(of: competitor) where !urls.contains(statement.url) {
            try end(statement)
        }
    }

    func forgetStatements(of competitor: ID<Competitor>) throws {
        try tx.run(
            "DELETE FROM competitor_statements WHERE tenant_id = \(tx.tenant) AND competitor_id = \(competitor)"
        )
    }

    /// Forgets what has not been said for longer than it is of use.
    func forgetStatements(endedBefore moment: Instant) throws {
        try tx.run(
            "DELETE FROM competitor_statements WHERE tenant_id = \(tx.tenant) AND ended_at < \(moment)")
    }

    private static var changesMax: Int { 20 }

    private func end(_ old: CompetitorStatement) throws {
        var statement = old
        (statement.endedAt, statement.version, statement.updatedAt) = (tx.now, old.version + 1, tx.now)
        try CompetitorStatement.resource.update(old, to: statement, in: tx)
    }

    /// A price is known by its name and period, the tagline by being it, and sentences by themselves.
    private static func statements(_ reading: OfferReading) -> [CompetitorStatement] {
        reading.prices.filter { !InjectionCheck.givesOrders($0.name) }.map {
            CompetitorStatement($0, identity: MarketWatch.mark(["price", $0.key]))
        }
            + reading.statements.filter { !InjectionCheck.givesOrders($0.text) }.map { statement in
                let own = statement.kind == .tagline ? "" : TextFolding.fold(statement.text)
                return CompetitorStatement(
                    statement, identity: MarketWatch.mark([statement.kind.rawValue, own]))
            }
    }

    private func change(
        _ competitor: Competitor, _ row: MarketWatchRow, from before: CompetitorStatement?,
        to after: CompetitorStatement?, _ shown: CompetitorStatement
    ) -> MarketActivity {
        var activity = MarketActivity()
        activity.type = shown.kind == .price ? .priceChange : .positionChange
        activity.at = tx.now
        let name = shown.kind == .price ? "\(shown.text): " : ""
        let (old, new) = (before?.said ?? "–", after?.said ?? "–")
        activity.title = String("\(name)\(old) → \(new)".prefix(500))
        (activity.url, activity.sourceURL) = (row.url, row.url)
        activity.text = after?.quote
        // A text that is again as it was before has changed, too.
        activity.identity = MarketWatch.mark([
            row.owner, row.url, shown.identity, old, new, tx.now.description,
        ])
        (activity.competitorID, activity.clientID) = (competitor.id, competitor.clientID)
        return activity
    }
}
