internal import Agents
internal import Database
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy

/// Reminds the agency of a privacy request that nobody has answered: a week before it is due, a day before, and when
/// the time is over.
package struct PrivacyDueJob: JobKind {
    package struct Payload: Codable, Sendable { let request: ID<SubjectRequest> }

    package static let kind = "privacy_request.due"

    package init() {}

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        try await job.complete { tx in
            guard let request = try SubjectRequest.resource.find(payload.request, in: tx), request.isOpen,
                let dueAt = request.dueAt
            else { return }
            // An extended one is due later than it was when the job was stored.
            if let first = request.reminders.first, first <= tx.now {
                let days = max(0, Int(((dueAt - tx.now).microseconds + 43_200_000_000) / 86_400_000_000))
                try tx.notifications.notify(
                    request.handledBy.map { Audience.users([$0]) } ?? .permission("privacy_requests:write"),
                    kind: .privacyDue,
                    title: Saying(
                        "notification.privacy_due",
                        ["days": .number(days), "right": .text(request.kind.rawValue)]),
                    body: Saying("notification.privacy_due_body"), subject: request.subject, urgency: .high)
            }
            try tx.privacyRequests.remind(of: request)
        }
    }
}

/// The notifications about the register.
extension NotificationKind {
    static let privacyDue = NotificationKind(
        "privacy_request.due", Saying("notification.kind_privacy_due"))
}

extension SubjectRequest {
    /// When somebody is to be reminded of it, in their order.
    fileprivate var reminders: [Instant] {
        guard let dueAt else { return [] }
        return [dueAt - .seconds(7 * 86_400), dueAt - .seconds(86_400), dueAt]
    }
}

extension SubjectRequestStore where Base == Transaction {
    /// Has the agency reminded of an open request at the next time for it.
    func remind(of request: SubjectRequest) throws {
        guard let next = request.reminders.first(where: { $0 > tx.now }) else { return }
        try tx.jobs.enqueue(
            PrivacyDueJob.self, .init(request: request.id),
            JobOptions(
                runAt: next, uniqueKey: "\(request.id)/\(next.microseconds)", subject: request.subject))
    }
}
