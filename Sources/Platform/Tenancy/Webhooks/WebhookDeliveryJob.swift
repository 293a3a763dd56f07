internal import Agents
package import Database
package import HTTPClient
internal import JSON
package import Jobs
internal import Nouns
internal import Records
internal import Telemetry

/// Takes one delivery to its endpoint, as often as the schedule says. After a crash between the sending and the
/// writing down it is sent once more, with the same id: receivers are asked to remember ids.
package struct WebhookDeliveryJob: JobKind {
    package struct Payload: Codable, Sendable { let delivery: ID<WebhookDelivery> }

    package static let kind = "webhook.delivery"
    package static let queue = "webhooks"

    static let deadline: Duration = .seconds(20)

    let outbound: HTTPClient
    let secrets: SecretSealing
    let lanes = WebhookLanes()

    package init(_ outbound: HTTPClient, _ secrets: SecretSealing) {
        (self.outbound, self.secrets) = (outbound, secrets)
    }

    package func timeout(_ payload: Payload) -> Duration { .seconds(60) }

    package func run(_ payload: Payload, _ job: JobContext) async throws {
        let found = try job.read { reader in
            try reader.webhooks.delivery(payload.delivery).map { delivery in
                (
                    delivery,
                    try Webhook.resource.find(delivery.webhookID, in: reader)
                )
            }
        }
        guard let (delivery, webhook) = found, delivery.status == .pending else { return }
        guard let webhook, webhook.status == .enabled || delivery.isTest else {
            let why = webhook == nil ? "webhook_deleted" : "webhook_disabled"
            try await job.complete { tx in try tx.webhooks.end(delivery.id, .cancelled, why) }
            return
        }
        do {
            if job.isSandbox { return try await capture(delivery, webhook, job) }
            let made = try await reach(delivery, webhook, job)
            try await settle(made, delivery, webhook, job)
        } catch let refusal as ToolRefusal {
            // The agency itself has limited it, or switched it off.
            if let pause = refusal.retryAfter { throw JobSnooze(for: pause, waitingFor: refusal.code) }
            try await job.complete { tx in try tx.webhooks.end(delivery.id, .cancelled, refusal.code) }
        }
    }

    private func capture(_ delivery: WebhookDelivery, _ webhook: Webhook, _ job: JobContext) async throws {
        try await job.complete { tx in
            try tx.gate.settleUnasked(try tx.webhooks.permit(delivery, to: webhook), .captured)
            try tx.webhooks.end(delivery.id, .captured, "sandbox")
        }
    }

    /// An attempt that was made, and what the endpoint asks for before the next.
    private struct Made: Sendable {
        let attempt: WebhookAttempt
        let pauseAsked: Duration?
        let permit: Permit

        var end: ConnectorCallEnd {
            guard let error = attempt.error else { return .succeeded }
            return .failed(
                ToolFailure(error, attempt.detail ?? "", isRetryable: true, retryAfter: pauseAsked))
        }
    }

    private func reach(
        _ delivery: WebhookDelivery, _ webhook: Webhook, _ job: JobContext
    ) async throws -> Made {
        let steady = job.runtime.configuration.steadyClock
        if let pause = lanes.enter(webhook.id, now: steady()) {
            throw JobSnooze(for: pause, waitingFor: "its endpoint, which is busy")
        }
        let start = steady()
        defer { lanes.leave(webhook.id, took: steady() - start) }
        let permit = try await job.write { tx in try tx.webhooks.permit(delivery, to: webhook) }
        let (attempt, asked) = try await attempt(delivery, webhook, job, steady, permit)
        return Made(attempt: attempt, pauseAsked: asked, permit: permit)
    }

    private func attempt(
        _ delivery: WebhookDelivery, _ webhook: Webhook, _ job: JobContext, _ steady: @Sendable () -> Instant,
        _ permit: Permit
    ) async throws -> (WebhookAttempt, Duration?) {
        let (start, now) = (steady(), job.now)
        var statusCode: Int?, error: String?, detail: String?, excerpt: String?, asked: Duration?
        do {
            let body = try job.read { try $0.webhooks.body(of: delivery.id, job.runtime.eventCatalog) }
            var request = HTTPClientRequest(
                "POST", try OutboundURL(webhook.url),
                headers: webhookHeaders(
                    id: delivery.eventID, at: now, body: body,
                    secrets: try webhook.secrets(secrets, job.tenant, now: now)),
                body: body)
            request.deadline = Self.deadline
            request.redirectsMax = 0
            request.bodyLimit = .truncate(WebhookAttempt.excerptBytesMax)
            permit.reach.note(bytes: body.count)
            let answer = try await outbound.send(request)
            permit.reach.note(status: answer.status)
            permit.reach.note(bytes: answer.body.count)
            (statusCode, asked) = (answer.status, answer.retryAfter)
            excerpt = Self.excerpt(answer.body)
            if !(200...299).contains(answer.status) {
                error = "http_\(answer.status)"
                detail =
                    (300...399).contains(answer.status)
                    ? "the endpoint redirects, and deliveries do not follow redirects"
                    : "the endpoint answered \(answer.status)"
            }
        } catch let failure as HTTPClientError {
            (error, detail) = ("\(failure.code)", "\(failure)")
        }
        let made = WebhookAttempt(
            startedAt: now, took: steady() - start, statusCode: statusCode, error: error, detail: detail,
            excerpt: excerpt)
        permit.reach.note(took: made.took)
        return (made, [429, 502, 503, 504].contains(statusCode) ? asked : nil)
    }

    private func settle(
        _ made: Made, _ delivery: WebhookDelivery, _ webhook: Webhook, _ job: JobContext
    ) async throws {
        let (attempt, permit, end) = (made.attempt, made.permit, made.end)
        if attempt.hasArrived {
            try await job.complete { tx in
                try tx.gate.settleUnasked(permit, end)
                try tx.webhooks.note(attempt, of: delivery, .delivered, next: nil)
                try tx.webhooks.noteHealth(of: webhook.id, hasArrived: true)
            }
            return
        }
        let isGone = attempt.statusCode == 410
        let pause = WebhookSchedule.pause(
            after: delivery.tries + 1, asked: made.pauseAsked, name: "\(delivery.id)")
        guard let pause, !isGone else {
            try await job.complete { tx in
                try tx.gate.settleUnasked(permit, end)
                try tx.webhooks.note(attempt, of: delivery, .failed, next: nil)
                try tx.webhooks.noteHealth(of: webhook.id, hasArrived: false)
                if isGone, let now = try Webhook.resource.find(webhook.id, in: tx) {
                    try tx.webhooks.disable(now, because: "the endpoint answered 410: gone")
                }
            }
            return
        }
        let next = job.now + pause
        try await job.write { tx in
            try tx.gate.settleUnasked(permit, end)
            try tx.webhooks.note(attempt, of: delivery, .pending, next: next)
            try tx.webhooks.noteHealth(of: webhook.id, hasArrived: false)
        }
        throw JobSnooze(
            for: pause, waitingFor: "attempt \(delivery.tries + 2) of \(WebhookSchedule.attemptsMax)")
    }

    /// Text for people: no control characters, and nothing half.
    private static func excerpt(_ body: [UInt8]) -> String? {
        guard !body.isEmpty else { return nil }
        let text = String(decoding: body.prefix(WebhookAttempt.excerptBytesMax), as: UTF8.self)
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 || $0 == "\n" }))
    }

    package func ended(_ payload: Payload, _ end: AttemptEnd, in tx: Transaction) throws {
        switch end {
        case .dead: try tx.webhooks.end(payload.delivery, .failed, "internal_error")
        case .cancelled: try tx.webhooks.end(payload.delivery, .cancelled, "job_cancelled")
        case .revived:
            try tx.run(
                """
                UPDATE webhook_deliveries SET status = 'pending', tries = 0, next_attempt_at = \(tx.now),
                    finished_at = NULL
                WHERE tenant_id = \(tx.tenant) AND id = \(payload.delivery)
                """)
        case .retried, .snoozed: break
        }
    }
}

extension WebhookStore where Base == Transaction {
    /// Lets an attempt of a delivery out. It tells the agency's own programs: no brake holds it, no budget counts it.
    fileprivate func permit(_ delivery: WebhookDelivery, to webhook: Webhook) throws -> Permit {
        try tx.gate.permitUnasked(
            DeliverWebhookTool.name, key: "\(delivery.id)", attempt: delivery.attempts + 1,
            for: ToolCaller(actor: .system, subject: webhook.subject), by: webhook.connector, nil,
            deadline: WebhookDeliveryJob.deadline)
    }
}
