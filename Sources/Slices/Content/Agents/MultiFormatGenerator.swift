internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Tenancy
internal import Wording

/// Writes coordinated drafts from one brief: out of what the agency has published, or with a model that says no more
/// than that. By itself it turns articles that are approved into pieces for networks and mail.
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
    let schedules = [DefaultSchedule(name: "Pieces of approved articles", cron: "0 6 * * 3")]
    let events = ["content_item.approved"]
    let dependencies: WritingDependencies
    let content: ContentDependencies

    /// The articles that one run turns into other pieces, and the days since the last change of those that a schedule
    /// looks at.
    private static let articlesMax = 20, days: Int64 = 7

    func faults(parameters: JSON) -> [ValueFault] { WritingOrder.faults(in: parameters) }

    func run(_ run: AgentRun) async throws -> JSON {
        guard let order = WritingOrder(run.parameters), !order.formats.isEmpty else {
            return try await adapt(run)
        }
        if order.formats == [.message] {
            return try await MessageWriting(order: order, dependencies: dependencies, content: content)
                .write(run)
        }
        guard let prepared = try await prepare(order, run) else {
            return try await run.finish { _ in ["processed": 0, "items": [], "reason": "nothing_to_say"] }
        }
        return try await run.finish { tx in try keep(prepared, about: Subject(run.id), run, in: tx) }
    }

    /// Writes pieces for networks and mail out of articles that were approved, each once.
    private func adapt(_ run: AgentRun) async throws -> JSON {
        let approved = try run.eventSubjects().compactMap { $0.id(of: Nouns.ContentItem.self) }
        let articles = try run.read { reader in
            try reader.contentMaterials.articles(
                approved, since: run.now - .seconds(Self.days * 86_400), limit: Self.articlesMax
            ).filter { try reader.decisions.latest(name, subjectID: $0.id) == nil }
        }
        var items: [JSON] = []
        for article in articles {
            guard var prepared = try await prepare(WritingOrder(article), run) else { continue }
            prepared.article = article
            let ready = prepared
            items += try await run.write { tx in
                guard try tx.decisions.latest(name, subjectID: article.id) == nil else { return [] }
                return try keep(ready, about: article.subject, run, in: tx)["items"]?.array ?? []
            }
        }
        var result: JSON = ["processed": JSON(items.count), "items": .array(items)]
        if articles.isEmpty { result = result.merging(["reason": "no_brief"]) }
        let told = result
        return try await run.finish { _ in told }
    }

    /// The order, the plan and the figures of what is written, before it is kept.
    private struct Prepared: Sendable {
        let order: WritingOrder
        let plan: WritingPlan
        let figures: [MaterialFigure]
        let tenant: Tenant
        let drafts: ModelDrafts?
        /// The approved article that it is made of; `nil`: a brief.
        var article: ContentItem?
    }

    /// Plans the pieces of an order, and has a model write them, if there is one; `nil`: there is nothing to say.
    private func prepare(_ order: WritingOrder, _ run: AgentRun) async throws -> Prepared? {
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
        guard !plan.isEmpty else { return nil }
        let drafts = try await ModelDrafts.ask(
            for: plan, agency: tenant.name, locale: tenant.locale, client: order.client, run)
        return Prepared(order: order, plan: plan, figures: figures, tenant: tenant, drafts: drafts)
    }

    private func keep(
        _ prepared: Prepared, about subject: Subject, _ run: AgentRun, in tx: Transaction
    ) throws -> JSON {
        let (plan, drafts, tenant) = (prepared.plan, prepared.drafts, prepared.tenant)
        let decision = try run.decide(in: tx, subject, plan.conclusion(writer: drafts?.source))
        guard try run.may("create_record", about: subject, decision: decision.id, in: tx) else {
            return plan.outcome.merging(["items": [], "decision_id": JSON(decision.id)])
        }
        let words = try tx.wordings.find(tenant.locale)
        let told = prepared.figures.map { $0.told(in: words) }
        let writer = PieceWriter(plan: plan, words: words, figures: told)
        let items = try writer.pieces.map { piece -> JSON in
            let written = [drafts?.written(piece, by: plan), piece].compactMap { $0 }.map { written in
                var item = ContentItem(
                    written, of: plan, for: prepared.order.client, locale: tenant.locale,
                    resultIDs: told.map(\.id))
                if let article = prepared.article { item.isMade(of: article) }
                item.beginLife(id: tx.nextID(), now: tx.now)
                return item
            }
            let isTrusted = try written.count == 1 || tx.contentQuality.hasNoErrors(written[0])
            var item = written[isTrusted ? 0 : 1]
            item.isMadeWithAI = try item.isMadeWithAI || tx.contentMaterials.saysWhatModelsSaid(item)
            try tx.create(&item, by: run.actor)
            return JSON(item.id)
        }
        run.processed(items.count)
        return plan.outcome.merging(["items": .array(items), "decision_id": JSON(decision.id)])
    }

    private func materials(for order: WritingOrder, in reader: Reader) throws -> [Material] {
        let stories = try dependencies.stories(reader)
            .filter { $0.client == nil || order.client == nil || $0.client == order.client }
        let documents = try order.client.map { try dependencies.documents(reader, $0) } ?? []
        return try dependencies.articles(reader, order.brief) + stories + documents
            + reader.contentMaterials.materials(of: order.client)
    }

    func replay(inputs: JSON, configuration: JSON, in reader: Reader) throws -> JSON? {
        WritingPlan(inputs: inputs)?.outcome
    }
}

extension ContentQualityStore where Base == Transaction {
    /// Returns whether nothing in a piece has to be mended before it is submitted.
    func hasNoErrors(_ item: ContentItem) throws -> Bool {
        try QualityReport(input(for: item)).errors.isEmpty
    }
}
