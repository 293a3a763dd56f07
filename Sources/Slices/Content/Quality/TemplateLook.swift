internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// The weekly look at all templates of messages: each that has to be mended is a decision and an alert, which ends once
/// it is.
struct TemplateLook {
    let outbox: Outbox
    let run: AgentRun

    /// The value of the agent's parameter `look`.
    static let parameter = "templates"

    private static let chunk = 25, toldMax = 100
    /// The age of the messages whose readers are looked at.
    private static let window: Duration = .seconds(90 * 86_400)

    func look() async throws -> JSON {
        let readers = try run.read { try $0.templates.readers(since: run.now - Self.window) }
        var failed: [JSON] = [], count = 0, places = 0, filled = 0
        var place: ID<MessageTemplate>?, found = Self.chunk
        while found == Self.chunk {
            let after = place
            let some = try await run.write { tx in
                try tx.templates.some(after: after, limit: Self.chunk).map {
                    ($0.id, try judge($0, readers[$0.id] ?? [], in: tx))
                }
            }
            (found, place) = (some.count, some.last?.0 ?? place)
            count += found
            run.processed(found)
            for (id, (verdict, decision)) in some {
                (places, filled) = (places + verdict.places, filled + verdict.filled)
                guard let decision, failed.count < Self.toldMax else { continue }
                failed.append(
                    verdict.outcome.merging(["template_id": JSON(id), "decision_id": JSON(decision)]))
            }
        }
        let result: JSON = [
            "processed": JSON(count), "templates": .array(failed), "places": JSON(places),
            "filled": JSON(filled),
        ]
        // Without it no mail leaves (15 U.S.C. § 7704(a)(5)).
        return try await run.finish { tx in
            result.merging(["postal_address": .bool(try tx.agency.tenant().postalAddress != nil)])
        }
    }

    private func judge(
        _ template: MessageTemplate, _ readers: [ContactID], in tx: Transaction
    ) throws -> (TemplateVerdict, DecisionID?) {
        let verdict = TemplateVerdict(template, try outbox.review(template, sentTo: readers, in: tx))
        guard let first = verdict.first else {
            try tx.alerts.resolve(kind: MessageTemplate.alert, subject: Subject(template.id))
            return (verdict, nil)
        }
        let subject = Subject(template.id)
        let decision = try run.decide(in: tx, subject, verdict.conclusion)
        try tx.alerts.raise(
            kind: MessageTemplate.alert, severity: .warning, subject: subject, agent: QualityReport.agent,
            title: Saying(
                "alert.template_fails", ["name": .text(template.name), "detail": .saying(first)]),
            action: Saying("alert.template_fails_do"))
        return (verdict, decision.id)
    }
}
