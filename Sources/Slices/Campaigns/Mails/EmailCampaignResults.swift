internal import Database
internal import JSON
internal import Nouns
internal import Records
internal import Sequences

/// The results of the variants of an e-mail campaign so far.
struct EmailCampaignResults: Sendable {
    /// Fewer people tell nothing.
    private static let leastSent = 50
    /// Groups that differ in size by a chance below this were not drawn as they should have been.
    private static let mismatchMax = 0.001
    static let method =
        "mSPRT, always-valid p-values (Johari et al. 2017); chance below 0.05 over all comparisons"

    struct Tally: StoredRow {
        let name: String
        var assigned = 0, sent = 0, clicked = 0, replied = 0
        /// Those of which a program has followed a link, whether a person has or not.
        var machineClicked = 0

        static let columns = Columns(of: Self.self)

        fileprivate static let counted = columns.of(
            "email_recipients",
            with: [
                "assigned": "count(*)", "sent": "count(sent_at)", "clicked": "count(clicked_at)",
                "replied": "count(replied_at)", "machine_clicked": "count(machine_clicked_at)",
            ])

        init(_ name: String) { self.name = name }

        init(_ row: inout ColumnReader) {
            (name, assigned, sent) = (row.text("variant"), row.int("assigned"), row.int("sent"))
            (clicked, replied) = (row.int("clicked"), row.int("replied"))
            machineClicked = row.int("machine_clicked")
        }

        func hits(_ goal: EmailCampaign.Goal) -> Int { min(sent, goal == .clicked ? clicked : replied) }
    }

    let campaign: EmailCampaign
    let tallies: [Tally]
    let heldOut: Int

    init(of campaign: EmailCampaign, in reader: some Queryable) throws {
        let names = campaign.variants.list.map(\.name)
        var found = Dictionary(
            uniqueKeysWithValues: (names.isEmpty ? [MailRecipients.plain] : names).map { ($0, Tally($0)) })
        var heldOut = 0
        try reader.each(
            """
            SELECT \(trusted: Tally.counted) FROM email_recipients
            WHERE tenant_id = \(reader.tenant) AND email_campaign_id = \(campaign.id)
            GROUP BY variant
            """
        ) { row in
            // People of the holdout have no variant.
            let tally = try Tally(row)
            if tally.name.isEmpty { heldOut += tally.assigned } else { found[tally.name] = tally }
        }
        (self.campaign, self.heldOut) = (campaign, heldOut)
        tallies = (names.isEmpty ? [MailRecipients.plain] : names).compactMap { found[$0] }
    }

    /// Whether the groups are of other sizes than chance makes them: then what differs between them may be why.
    var hasMismatch: Bool {
        let (share, count) = (campaign.holdout, Double(tallies.count))
        let shares = [share] + tallies.map { _ in (1 - share) / count }
        let drawn = GroupSizes([heldOut] + tallies.map(\.assigned), shares: shares)
        let sent = GroupSizes(tallies.map(\.sent), shares: tallies.map { _ in 1 / count })
        return min(drawn.chance, sent.chance) < Self.mismatchMax
    }

    /// The variant that is better than the first by more than chance, the best of several; the first, where all others
    /// are worse; `nil` while the difference may be chance.
    var winner: String? {
        let tests = tallies.dropFirst().map { ($0.name, test(of: $0)) }
        guard !hasMismatch, isEnough, !tests.isEmpty else { return nil }
        let sure = tests.compactMap { name, test in
            test.flatMap { $0.chance < limit ? (name: name, difference: $0.difference) : nil }
        }
        let best = sure.filter { $0.difference > 0 }.max { $0.difference < $1.difference }
        return best?.name ?? (sure.count == tests.count ? tallies[0].name : nil)
    }

    /// The chance that counts, shared among the variants that are compared.
    private var limit: Double { SequentialTest.chanceMax / Double(max(1, tallies.count - 1)) }

    private var isEnough: Bool { tallies.allSatisfy { $0.sent >= Self.leastSent } }

    /// A variant's rate against the first one's.
    private func test(of tally: Tally) -> SequentialTest? {
        SequentialTest(
            (hits: tally.hits(campaign.goal), count: tally.sent),
            against: (hits: tallies[0].hits(campaign.goal), count: tallies[0].sent), chanceMax: limit)
    }

    var json: JSON {
        let goal = campaign.goal, mismatch = hasMismatch
        let rows = tallies.enumerated().map { index, tally -> JSON in
            let own = (hits: tally.hits(goal), count: tally.sent)
            let test = index == 0 ? nil : test(of: tally)
            var row: JSONObject = [
                "name": .string(tally.name), "assigned": JSON(tally.assigned), "sent": JSON(tally.sent),
                "clicked": JSON(tally.clicked), "machine_clicked": JSON(tally.machineClicked),
                "replied": JSON(tally.replied),
                "rate": .number(own.count == 0 ? 0 : Double(own.hits) / Double(own.count)),
            ]
            row["difference"] = test.map { .number($0.difference) } ?? .null
            row["interval"] = test.map { [.number($0.low), .number($0.high)] } ?? .null
            row["p_value"] = test.map { .number($0.chance) } ?? .null
            row["significant"] = .bool(!mismatch && isEnough && test.map { $0.chance < limit } ?? false)
            return .object(row)
        }
        return [
            "email_campaign_id": JSON(campaign.id), "status": .string(campaign.status.rawValue),
            "goal": .string(goal.rawValue), "members": JSON(campaign.members),
            "excluded": campaign.excluded.json,
            "holdout": ["people": JSON(heldOut), "share": .number(campaign.holdout)],
            "sent": JSON(tallies.reduce(0) { $0 + $1.sent }), "variants": .array(rows),
            "winner": JSON(winner), "method": .string(Self.method), "ratio_mismatch": .bool(mismatch),
        ]
    }
}
