internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry

func webhookDeliveryRoutes(_ routes: inout Routes, _ runtime: Runtime) {
    let columns: [SimpleList.Column] = [
        .init("webhook_id", .text(max: 100)), .init("event_type", .text(max: 100), takesPrefixes: true),
        .init("event_id", .text(max: 100)), .init("status", .text(max: 20)), .init("created_at", .instant),
    ]
    routes.schema("WebhookDelivery", WebhookDelivery.schema)
    routes.schema("WebhookDeliveryDetail", WebhookDelivery.detailSchema)

    routes.get(
        "/v1/webhook-deliveries", .permission("webhooks:read"),
        "List webhook deliveries, newest first",
        query: SimpleList.docs(columns, fields: WebhookDelivery.names),
        .list(of: .reference("WebhookDelivery"))
    ) { call in
        .read { reader in
            let list = try SimpleList(
                call.request.head.query, columns, fields: WebhookDelivery.names,
                dialect: reader.dialect)
            return try list.page(of: "webhook_deliveries", WebhookDelivery.self, in: reader) {
                $1.value($0.json)
            }
        }
    }
    routes.get(
        "/v1/webhook-deliveries/{id}", .permission("webhooks:read"),
        "Get a webhook delivery, with its attempts and what was sent",
        .json(.reference("WebhookDeliveryDetail"), "The delivery.")
    ) { call in
        let id = try call.id("id", of: WebhookDelivery.self)
        return .read { reader in
            guard let delivery = try reader.webhooks.delivery(id) else { throw Problem(.notFound) }
            var object = delivery.object
            object["attempts"] = .array(try reader.webhooks.attempts(of: id))
            let body = String(decoding: try reader.webhooks.body(of: id, runtime.eventCatalog), as: UTF8.self)
            object["payload"] = JSON(stored: body)
            return .json(.object(object))
        }
    }
    routes.post(
        "/v1/webhook-deliveries/{id}/redeliver", .permission("webhooks:write"),
        "Redeliver a webhook delivery that has ended, under the same id",
        .json(.reference("WebhookDelivery"), status: 202, "The delivery, to follow.")
    ) { call in
        let id = try call.id("id", of: WebhookDelivery.self)
        return .write { tx in
            let delivery = try tx.webhooks.redeliver(id)
            try tx.auditLog.add(call.actor, "webhook.redelivered", Subject(id))
            return .json(
                delivery.json, status: 202,
                headers: [("Location", "/v1/webhook-deliveries/\(delivery.id)")])
        }
    }
}
