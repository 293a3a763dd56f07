package import Database
internal import Platform
internal import Records
package import Runtime

/// Lets messages be looked at again when something that held them may have gone: settings, a brake, a suppression.
package struct HeldMessages: EventConsumer {
    package init() {}

    package func begin(_ runtime: Runtime) {}

    private static let releases: [String: [String]] = [
        "tenant.updated": [
            "missing_postal_address", "missing_sender", "quiet_hours", "daily_cap", "no_consent",
            "domain_stopped",
            "warm_up",
        ],
        "integration.created": ["no_provider"], "integration.updated": ["no_provider"],
        "suppression.deleted": ["suppressed", "unsubscribed"],
        "consent.created": ["no_consent", "unsubscribed"],
        "consent.updated": ["no_consent", "unsubscribed"],
        "contact.updated": ["no_address", "no_consent", "outside_window", "quiet_hours"],
        "brake.released": ["brake"], "enrollment.resumed": ["paused"], "sequence.resumed": ["paused"],
        "budget.updated": ["budget_exhausted"],
        "sending_domain.updated": ["domain_stopped", "warm_up", "daily_cap"],
        "sending_domain.deleted": ["domain_stopped", "warm_up"],
    ]

    package func published(_ event: () -> Event, in tx: Transaction) throws {
        guard let codes = Self.releases[event().type],
            try tx.exists(
                """
                SELECT 1 FROM messages
                WHERE tenant_id = \(tx.tenant) AND held_code IS NOT NULL AND held_code IN \(list: codes)
                """)
        else { return }
        try tx.enqueue(
            HeldMessagesJob.self, .init(codes: codes, after: nil),
            JobOptions(uniqueKey: codes.joined(separator: " "), uniqueness: .untilStarted))
    }
}

struct HeldMessagesJob: JobKind {
    struct Payload: Codable, Sendable {
        let codes: [String]
        let after: String?
    }

    static let kind = "message.release"
    private static let chunk = 200

    func run(_ payload: Payload, _ job: JobContext) async throws {
        var last = payload.after
        while true {
            let after = last
            last = try await job.write { tx in
                let held = try Message.resource.all(
                    where: "held_code IN \(list: payload.codes) AND id > \(after ?? "")",
                    suffix: "ORDER BY id LIMIT \(Self.chunk)", in: tx)
                for message in held { try tx.lookAgain(at: message) }
                return held.count == Self.chunk ? held.last?.id.text : nil
            }
            if last == nil { return }
        }
    }
}

extension Transaction {
    /// Asks every rule again, now.
    func lookAgain(at message: Message) throws {
        guard message.heldCode != "approval" else { return }
        if let job = try liveJob(MessageSendJob.self, uniqueKey: message.id.text) {
            try jobs.hasten(job)
        } else {
            try enqueueSend(message)
        }
    }
}
