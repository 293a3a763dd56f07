internal import Agents
internal import Database
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Tells those who review once more of content that still waits for them. It is no yes however long nobody looks.
struct ContentReviewJob: JobKind {
    struct Payload: Codable, Sendable {
        let item: ContentItemID
        /// When it was submitted; what was submitted anew since has reminders of its own.
        let submittedAt: Int64
        /// The place of this reminder among the days.
        let round: Int
    }

    static let kind = "content.review"
    /// The days after it was submitted on which colleagues are told again.
    private static let days: [Int64] = [2, 7]

    /// Plans the reminder of a place among the days, where there is one.
    static func plan(for item: ContentItem, round: Int, in tx: Transaction) throws {
        guard round < days.count, let submitted = item.submittedAt else { return }
        try tx.jobs.enqueue(
            ContentReviewJob.self,
            .init(item: item.id, submittedAt: submitted.microseconds, round: round),
            JobOptions(
                runAt: submitted + .seconds(days[round] * 86_400),
                uniqueKey: "\(item.id)/\(submitted.microseconds)/\(round)", subject: item.subject))
    }

    func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let item = try ContentItem.resource.find(payload.item, in: tx), item.status == .inReview,
                item.submittedAt?.microseconds == payload.submittedAt
            else { return }
            // An author who has written it alone does not review it.
            let authors = try tx.contentVersions.authors(of: item.id)
            let author = authors.count == 1 ? authors.first : nil
            try tx.contentReview.tellReviewers(of: item, besides: author ?? .system)
            try Self.plan(for: item, round: payload.round + 1, in: tx)
        }
    }
}
