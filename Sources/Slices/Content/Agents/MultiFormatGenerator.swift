internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Tenancy
internal import Wording

/// Writes coordinated drafts from one brief: out of what the agency has published, or with a model that says no more
/// than that.
struct MultiFormatGenerator: AgentDefinition {
    let name = "multi_format_generator"
    let title = "Multi-format generator"
    let purpose = "Writes coordinated pieces for blog, social networks and mail."
    let cannot = [
        "It publishes and sends nothing: what it makes are drafts.",
        "It states no figure that stands neither in the brief nor in what the agency has published.",
    ]
    let permissions: Set<Permission> = ["content_items:read", "content_items:write"]
    let tools = [CallModelTool.name, "create_record"]
    let dependencies: WritingDependencies

    func faults(parameters: JSON) -> [ValueFault] { WritingOrder.faults(in: parameters) }

    func run(_ run: AgentRun) async throws -> JSON {
        guard let order = WritingOrder(run.parameters), !order.formats.isEmpty else {
            return try await run.finish { _ in ["processed": 0, "items": [], "reason": "no_brief"] }
        }
        if order.formats == [.message] {
            return try await MessageWriting(order: order, dependencies: dependencies).write(run)
        }
        let (plan, figures, tenant) = try run.read { reader in
            if let client = order.client, try !dependencies.isClient(reader, client) {
                throw JobFailure.terminal("unknown_reference", "client_id names no client.")
            }
            return (
                WritingPlan(order, among: try materials(for: order, in: reader)),
                try order.client.map { try dependencies.results(reader, $0) } ?? [],
                try reader.agency.tenant()
            )
        }
        guard !plan.isEmpty else {
            return try await run.finish { _ in ["processed": 0, "items": [], "reason": "nothing_to_say"] }
        }
        let drafts = try await ModelDrafts.ask(
            for: plan, agency: tenant.name, locale: tenant.locale, client: order.client, run)
        return try await run.finish { tx in
            let decision = try run.decide(
                in: tx, Subject(run.id), plan.conclusion(writer: drafts?.source))
            guard try run.may("create_record", about: Subject(run.id), decision: decision.id, in: tx) else {
                return plan.outcome.merging(["items": [], "decision_id": JSON(decision.id)])
            }
            let words = try tx.wordings.find(tenant.locale)
            let told = figures.map { $0.told(in: words) }
            let writer = PieceWriter(plan: plan, words: words, figures: told)
            let items = try writer.pieces.map { piece -> JSON in
                let written = [drafts?.written(piece, by: plan), piece].compactMap { $0 }.map { written in
                    var item = ContentItem(
                        written, of: plan, for: order.client, locale: tenant.locale,
                        resultIDs: told.map(\.id))
                    item.beginLife(id: tx.nextID(), now: tx.now)
                    return item
                }
                let isTrusted = try written.count == 1 || tx.contentQuality.hasNoErrors(written[0])
                var item = written[isTrusted ? 0 : 1]
                try tx.create(&item, by: run.actor)
                return JSON(item.id)
            }
            run.processed(items.count)
            return plan.outcome.merging(["items": .array(items), "decision_id": JSON(decision.id)])
        }
    }

    private func materials(for order: WritingOrder, in reader: Reader) throws -> [Material] {
        let stories = try dependencies.stories(reader)
            .filter { $0.client == nil || order.client == nil || $0.client == order.client }
        return try dependencies.articles(reader, order.brief) + stories
            + reader.content.materials(of: order.client)
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        WritingPlan(inputs: inputs)?.outcome
    }
}

extension ContentQualityStore where Base == Transaction {
    /// Whether nothing in a piece has to be mended before it is submitted.
    func hasNoErrors(_ item: ContentItem) throws -> Bool {
        try QualityReport(input(for: item)).errors.isEmpty
    }
}
