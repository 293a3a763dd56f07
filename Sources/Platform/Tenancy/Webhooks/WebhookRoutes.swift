internal import Agents
internal import Cryptography
internal import Database
internal import HTTPClient
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry

func webhookRoutes(_ routes: inout Routes, _ services: PlatformServices) {
    let addresses = OutboundAddresses(services.outbound)
    let secrets = services.secrets
    routes.standard(
        Webhook.resource, read: "webhooks:read", write: "webhooks:write", create: false, patch: false)
    routes.declare(RotationBody.self)
    routes.schema(
        "WebhookWithSecret",
        Webhook.schema.jsonSchema(.record).showing(
            "secret", "The secret that signs deliveries; shown once.",
            "whsec_wCdUMDubBa4qTMmCbFcoVfr5ZfARJZVhAZct/MY97k8="))

    routes.post(
        "/v1/webhooks", .permission("webhooks:write"),
        "Create a webhook endpoint, and get its secret, shown once",
        body: .json(.reference("WebhookCreate")), holdsSecret: true,
        .json(.reference("WebhookWithSecret"), status: 201, "The endpoint, with its secret.")
    ) { call in
        let body = try call.object()
        var draft = Webhook(), faults = Faults()
        Webhook.schema.create(&draft, from: body, faults: &faults)
        try faults.throwIfAny()
        try addresses.check(draft.url)
        return .write { [draft] tx in
            var webhook = draft
            webhook.beginLife(id: tx.nextID(), now: tx.now)
            let secret = try webhook.renewSecret(secrets, tx.tenant)
            try tx.create(&webhook, by: call.actor)
            return .record(
                webhook, status: 201, location: "/v1/webhooks/\(webhook.id)",
                extra: ["secret": .string(secret.text)])
        }
    }
    routes.patch(
        "/v1/webhooks/{id}", .permission("webhooks:write"),
        "Update a webhook endpoint, or switch it on or off",
        body: .json(.reference("WebhookPatch")), .record(Webhook.resource)
    ) { call in
        let (id, body) = try (call.id("id", of: Webhook.self), call.object())
        if let url = body["url"]?.text { try addresses.check(url) }
        return .write { tx in
            let old = try Webhook.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var webhook = old, faults = Faults()
            _ = Webhook.schema.patch(&webhook, with: body, faults: &faults)
            try faults.throwIfAny()
            webhook.noteStatus(since: old, now: tx.now)
            try tx.update(old, to: &webhook, by: call.actor)
            return .record(webhook)
        }
    }
    routes.post(
        "/v1/webhooks/{id}/rotate-secret", .permission("webhooks:write"),
        "Rotate a webhook endpoint's secret, and get the new one, shown once; the previous one signs beside it for a while",
        body: .json(.reference("WebhookRotation"), isOptional: true), holdsSecret: true,
        .json(.reference("WebhookWithSecret"), "The endpoint, with its new secret.")
    ) { call in
        let id = try call.id("id", of: Webhook.self)
        let overlap = try call.rotationOverlap()
        return .write { tx in
            let old = try Webhook.resource.get(id, in: tx)
            try call.checkVersion(old.version)
            var webhook = old
            let secret = try webhook.renewSecret(secrets, tx.tenant, keepingOldUntil: tx.now + overlap)
            try tx.update(old, to: &webhook, by: call.actor, action: "webhook.secret_rotated")
            return .record(webhook, extra: ["secret": .string(secret.text)])
        }
    }
    routes.post(
        "/v1/webhooks/{id}/test", .permission("webhooks:write"),
        "Send a delivery of the type webhook.test to a webhook endpoint",
        .json(.reference("WebhookDelivery"), status: 202, "The delivery, to follow.")
    ) { call in
        let id = try call.id("id", of: Webhook.self)
        return .write { tx in
            let webhook = try Webhook.resource.get(id, in: tx)
            let delivery = try tx.webhooks.sendTest(to: webhook)
            return .json(
                delivery.json, status: 202,
                headers: [("Location", "/v1/webhook-deliveries/\(delivery.id)")])
        }
    }
}

/// The change of a secret.
struct RotationBody: Declared {
    var overlap: String?
    static let schema = Schema<RotationBody>(
        "WebhookRotation",
        [
            .text(
                "overlap", \.overlap, max: 20,
                .about("How long both secrets are valid, up to P7D; PT0S ends the previous one at once."),
                .standard("PT24H"))
        ])
}

extension Call {
    fileprivate func rotationOverlap() throws(Problem) -> Duration {
        guard case .bytes = request.body else { return Webhook.overlap }
        guard let text = try body(RotationBody.self).overlap else { return Webhook.overlap }
        guard let overlap = Duration(iso8601: text), overlap <= .seconds(7 * 86_400) else {
            throw Problem(faults: [
                Fault("/overlap", "invalid_duration", "overlap must be a duration up to P7D, such as PT24H.")
            ])
        }
        return overlap
    }
}
