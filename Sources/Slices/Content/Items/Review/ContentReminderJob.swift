internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Reminds a client of content that waits for them, and at last tells those who wrote it that no answer came. Silence
/// is no yes: the item stays where it is.
struct ContentReminderJob: JobKind {
    struct Payload: Codable, Sendable {
        let item: ContentItemID
        /// When the client was asked; who was asked anew since has other reminders.
        let askedAt: Int64
        /// The place of this reminder among the days.
        let round: Int
    }

    static let kind = "content.remind"
    /// The days after asking on which the client is reminded; on the last one the agency is told instead.
    private static let days = [3, 7, 14]

    /// Plans the reminder of a place among the days, where there is one.
    static func plan(for item: ContentItem, round: Int, in tx: Transaction) throws {
        guard round < days.count, let asked = item.askedAt else { return }
        try tx.jobs.enqueue(
            ContentReminderJob.self,
            .init(item: item.id, askedAt: asked.microseconds, round: round),
            JobOptions(
                runAt: asked + .seconds(days[round] * 86_400),
                uniqueKey: "\(item.id)/\(asked.microseconds)/\(round)", subject: item.subject))
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let item = try ContentItem.resource.find(payload.item, in: tx),
                item.status == .withClient, item.askedAt?.microseconds == payload.askedAt
            else { return }
            if payload.round + 1 < Self.days.count {
                try tx.publish("content_item.reminded", item.subject, item.payload)
            } else {
                try tx.contentReview.tellAuthors(
                    of: item, .contentUnanswered,
                    Saying("notification.content_unanswered", ["title": .text(item.title)]))
            }
            try Self.plan(for: item, round: payload.round + 1, in: tx)
        }
    }
}
