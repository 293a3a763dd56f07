internal import Database
internal import JSON
internal import Records
internal import Telemetry
internal import Tenancy

/// The open deals by stage, and what they may come to by month.
struct PipelineBoard {
    private let deals: [Deal]
    private let currency: String
    private let now: Instant

    /// More than that are not looked at: an agency with more of them open does not read a board.
    private static let dealsMax = 10_000

    init(owner: String?, in reader: some Queryable) throws {
        var own: SQL = owner.map { "AND owner_id = \($0)" } ?? ""
        own += reader.limit(on: "deals")
        deals = try Deal.resource.all(
            where: "stage NOT IN ('won', 'lost') " + own,
            suffix: "ORDER BY stage_entered_at, row LIMIT \(Self.dealsMax)", in: reader)
        (currency, now) = (try reader.agency.tenant().currency, reader.now)
    }

    /// At most so many deals a stage, those first that have waited longest. Sums are of all.
    func json(shown: Int) -> JSON {
        let byStage = Dictionary(grouping: deals, by: \.stage)
        return [
            "currency": .string(currency),
            "stages": .array(Deal.Stage.open.map { stage in column(stage, byStage[stage] ?? [], shown) }),
            "forecast": .array(forecast),
        ]
    }

    private func column(_ stage: Deal.Stage, _ deals: [Deal], _ shown: Int) -> JSON {
        [
            "stage": .string(stage.rawValue), "deals": JSON(deals.count),
            "value": .integer(Self.sum(deals.map(\.value))),
            "weighted_value": .integer(Self.sum(deals.map(\.weightedValue))),
            "stale": JSON(deals.count { isStale($0) }), "stale_after_days": JSON(stage.staleAfterDays),
            "cards": .array(
                deals.prefix(shown).map { deal in
                    [
                        "deal": Deal.schema.json(deal), "age_days": JSON(age(deal)),
                        "is_stale": .bool(isStale(deal)),
                    ]
                }),
        ]
    }

    /// Days in its stage.
    private func age(_ deal: Deal) -> Int {
        Int((now - deal.stageEnteredAt).components.seconds / 86_400)
    }

    private func isStale(_ deal: Deal) -> Bool { age(deal) >= deal.stage.staleAfterDays }

    /// By the month in which deals are expected to close; those that say none come last. `committed` is what has
    /// come to a contract, `best` all of it.
    private var forecast: [JSON] {
        let byMonth = Dictionary(grouping: deals) { $0.expectedClose.map { String($0.iso.prefix(7)) } ?? "" }
        return byMonth.sorted { ($0.key.isEmpty ? "~" : $0.key) < ($1.key.isEmpty ? "~" : $1.key) }.map {
            month, deals in
            [
                "month": month.isEmpty ? .null : .string(month), "deals": JSON(deals.count),
                "weighted": .integer(Self.sum(deals.map(\.weightedValue))),
                "best": .integer(Self.sum(deals.map(\.value))),
                "committed": .integer(Self.sum(deals.filter { $0.stage == .contract }.map(\.value))),
            ]
        }
    }

    private static func sum(_ amounts: [Money?]) -> Int64 {
        amounts.reduce(0) { sum, money in
            let (result, overflows) = sum.addingReportingOverflow(money?.amount ?? 0)
            return overflows ? sum : result
        }
    }
}
