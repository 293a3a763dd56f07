internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Looks at the mood around an account after each mention, and each day for as long as it has fallen: an alert says so,
/// and ends with it.
struct WatchMoodJob: JobKind {
    struct Payload: Codable, Sendable { let integration: IntegrationID }

    static let kind = "social_mood.watch"

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in try tx.mentions.watchMood(of: payload.integration) }
    }
}

extension MentionStore where Base == Transaction {
    fileprivate func watchMood(of id: IntegrationID) throws {
        let today = try tx.agency.zone().local(of: tx.now).date
        try tx.run(
            """
            DELETE FROM social_mentions
            WHERE tenant_id = \(tx.tenant) AND day < \(today.adding(days: -Mention.keptDays).iso)
            """)
        guard let integration = try Integration.resource.find(id, in: tx),
            let fall = try moodFall(of: MentionFilter(integration: id), on: today)
        else {
            try tx.alerts.resolve(kind: PostAlert.mood, subject: Subject(id))
            return
        }
        func percent(_ share: Double) -> Saying.Value { .number(Int((share * 100).rounded())) }
        try tx.alerts.raise(
            kind: PostAlert.mood, severity: .warning, subject: Subject(id),
            title: Saying(
                "alert.social_mood",
                [
                    "name": .text(integration.name ?? integration.provider),
                    "now": percent(fall.recent.badShare), "before": percent(fall.before.badShare),
                    "count": .number(fall.recent.negative),
                ]), action: Saying("alert.social_mood_do"))
        try wakeMood(of: id, at: tx.now + .seconds(86_400))
    }
}
