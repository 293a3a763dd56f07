internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Telemetry

extension WebhookStore {
    func delivery(_ id: ID<WebhookDelivery>) throws -> WebhookDelivery? {
        try tx.first(
            """
            SELECT \(WebhookDelivery.columns) FROM webhook_deliveries
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """, WebhookDelivery.init)
    }

    /// Returns the body of a delivery: the event's data, and its subject as it is now. The body is not stored, so that
    /// an erased person's data is never sent again.
    func body(of delivery: ID<WebhookDelivery>, _ catalog: EventCatalog?) throws -> [UInt8] {
        let stored = try tx.first(
            "SELECT body FROM webhook_deliveries WHERE tenant_id = \(tx.tenant) AND id = \(delivery)"
        ) { $0.blob(0) }
        guard let stored, let catalog,
            var message = JSON(stored: String(decoding: stored, as: UTF8.self)).object,
            var data = message["data"]?.object, let id = data["id"]?.text, let type = data["object"]?.text,
            let record = try catalog.record(of: Subject(type: type, id: id), in: tx)
        else { return stored ?? [] }
        data["record"] = record
        message["data"] = .object(data)
        return Array(JSON.object(message).serialized.utf8)
    }

    func attempts(of delivery: ID<WebhookDelivery>) throws -> [JSON] {
        try tx.all(
            """
            SELECT \(WebhookAttempt.Entry.columns) FROM webhook_attempts
            WHERE tenant_id = \(tx.tenant) AND delivery_id = \(delivery) ORDER BY number
            """
        ) { try WebhookAttempt.Entry($0).json }
    }
}

extension WebhookStore where Base == Transaction {
    /// Puts a message on its way to an endpoint, in this transaction.
    func deliver(
        _ body: [UInt8], eventID: String, type: String, to webhook: ID<Webhook>, isTest: Bool
    ) throws -> ID<WebhookDelivery> {
        let id = tx.makeID(WebhookDelivery.self)
        try tx.run(
            insertDelivery,
            [
                tx.tenant.sqlValue, id.sqlValue, webhook.sqlValue, eventID.sqlValue, type.sqlValue,
                body.sqlValue,
                isTest.sqlValue, tx.now.sqlValue,
            ])
        try tx.jobs.enqueue(
            WebhookDeliveryJob.self, .init(delivery: id),
            JobOptions(uniqueKey: id, subject: Subject(id)))
        return id
    }

    /// A message that is about no event, to one endpoint.
    func sendTest(to webhook: Webhook) throws -> WebhookDelivery {
        let body = WebhookMessage.body(
            type: "webhook.test", timestamp: tx.now.description, subject: webhook.subject,
            data: ["test": true])
        let id = try deliver(
            body, eventID: tx.makeID("evt_"), type: "webhook.test", to: webhook.id, isTest: true)
        guard let delivery = try delivery(id) else { throw RuntimeError.notFound }
        return delivery
    }

    /// Sends once more what has ended, with the whole schedule before it; receivers know it by its id.
    func redeliver(_ id: ID<WebhookDelivery>) throws -> WebhookDelivery {
        guard let delivery = try delivery(id) else { throw RuntimeError.notFound }
        guard delivery.status != .pending else {
            throw RuntimeError.invalidTransition(
                of: "delivery", from: delivery.status.rawValue,
                allowed: WebhookDelivery.Status.allCases.filter { $0 != .pending }.map(\.rawValue))
        }
        try tx.run(
            """
            UPDATE webhook_deliveries SET status = 'pending', tries = 0, next_attempt_at = \(tx.now), finished_at = NULL
            WHERE tenant_id = \(tx.tenant) AND id = \(id)
            """)
        try tx.jobs.enqueue(
            WebhookDeliveryJob.self, .init(delivery: id),
            JobOptions(uniqueKey: id, subject: Subject(id)))
        return try self.delivery(id) ?? delivery
    }

    /// Writes an attempt down; `next` is when the next one is, of a delivery that has failed and goes on.
    func note(
        _ attempt: WebhookAttempt, of delivery: WebhookDelivery, _ status: WebhookDelivery.Status,
        next: Instant?
    ) throws {
        try tx.run(
            """
            INSERT INTO webhook_attempts (tenant_id, delivery_id, number, started_at, duration_ms, status_code, error,
                detail, excerpt)
            VALUES (\(tx.tenant), \(delivery.id), \(delivery.attempts + 1), \(attempt.startedAt),
                \(attempt.took.microseconds / 1000), \(attempt.statusCode), \(attempt.error), \(attempt.detail),
                \(attempt.excerpt))
            ON CONFLICT (tenant_id, delivery_id, number) DO NOTHING
            """)
        try tx.run(
            """
            UPDATE webhook_deliveries SET status = \(status.rawValue), attempts = \(delivery.attempts + 1),
                tries = \(delivery.tries + 1), status_code = \(attempt.statusCode), error = \(attempt.error),
                next_attempt_at = \(next), finished_at = \(status == .pending ? nil : tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(delivery.id)
            """)
    }

    /// Ends a delivery without an attempt; one that was cut off stays in doubt.
    func end(_ delivery: ID<WebhookDelivery>, _ status: WebhookDelivery.Status, _ error: String) throws {
        try tx.connectorCalls.giveUp(key: "\(delivery)")
        try tx.run(
            """
            UPDATE webhook_deliveries SET status = \(status.rawValue), error = \(error), next_attempt_at = NULL,
                finished_at = \(tx.now)
            WHERE tenant_id = \(tx.tenant) AND id = \(delivery) AND status = 'pending'
            """)
    }

    /// Keeps what an endpoint has come to: since when it fails, if it does. Switches it off after days of that.
    func noteHealth(of id: ID<Webhook>, hasArrived: Bool) throws {
        guard let webhook = try Webhook.resource.find(id, in: tx) else { return }
        if hasArrived {
            guard webhook.failingSince != nil else { return }
            try tx.run(
                "UPDATE webhooks SET failing_since = NULL WHERE tenant_id = \(tx.tenant) AND id = \(id)")
        } else if let since = webhook.failingSince {
            if tx.now - since >= WebhookSchedule.patience {
                try disable(webhook, because: "every delivery has failed since \(since)")
            }
        } else {
            try tx.run(
                "UPDATE webhooks SET failing_since = \(tx.now) WHERE tenant_id = \(tx.tenant) AND id = \(id)")
        }
    }
}

private let insertDelivery = Statement(
    """
    INSERT INTO webhook_deliveries (tenant_id, id, webhook_id, event_id, event_type, body, is_test, status, attempts,
        tries, next_attempt_at, created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', 0, 0, $8, $8)
    """)
