internal import Agents
internal import JSON
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Templates
internal import Tenancy

/// The models' part in one answer, asked before the step is taken; empty where none is set up.
struct ModelReplies: Sendable {
    var reading: ModelReading?
    var draft: DraftedAnswer?

    /// For the decision: which models had a part in it.
    var sources: JSON {
        var told: JSONObject = [:]
        if let reading { told.append("reader", reading.source) }
        if let draft { told.append("writer", draft.source) }
        return .object(told)
    }

    static func ask(about id: MessageID, _ run: AgentRun) async throws -> ModelReplies {
        guard let message = try run.read({ try Message.resource.find(id, in: $0) }),
            message.direction == .inbound
        else { return ModelReplies() }
        var words = ModelReplies()
        words.reading = try await ModelReading.ask(about: message, run)
        guard (words.reading?.replyClass ?? message.replyClass) == .question else { return words }
        let (tenant, packages) = try run.read { (try $0.agency.tenant(), try $0.packages.offered()) }
        let locale = TextLocale(tenant.locale)
        words.draft = try await DraftedAnswer.ask(
            to: message,
            offering: .array(
                packages.map { package in
                    [
                        "name": .string(package.name),
                        "price_per_month": .string(locale.shown(package.price)),
                        "contents": JSON(package.contents), "for": JSON(package.audience),
                    ]
                }), agency: tenant.name, locale: tenant.locale,
            liking: try run.read { reader in
                try message.contactID.flatMap { try reader.preferences.length(of: $0) }
            }, run)
        return words
    }
}
