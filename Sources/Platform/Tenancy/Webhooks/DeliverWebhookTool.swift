package import Agents
internal import Database
internal import HTTPClient
package import Jobs
internal import Nouns
internal import Records

/// Tells an agency's own programs what happens; deliveries reach for it.
package struct DeliverWebhookTool: ExecutorTool {
    package typealias Input = NoToolInput

    package static let name = "deliver_webhook"
    package let title = "Deliver a webhook"
    package let summary = "Tells a webhook endpoint of an event; nobody calls it by its name."
    package let effect = ToolClass.sends

    package init() {}
}

/// Registers the jobs and the tool that take events to endpoints.
package func webhookJobs(_ registration: inout JobRegistration, _ services: PlatformServices) {
    registration.add(WebhookDeliveryJob(services.outbound, services.secrets))
    registration.add(WebhookDispatch())
    registration.add(DeliverWebhookTool())
    registration.questions.addConnectors(of: [DeliverWebhookTool.name]) { reader -> [ID<Webhook>] in
        // Endpoints are the agency's own: who sees some of its clients sees none.
        guard reader.limit == nil else { return [] }
        return try Webhook.resource.all(where: "status = 'enabled'", suffix: "ORDER BY id", in: reader)
            .map(\.id)
    }
}

extension Webhook {
    /// The endpoint as the gate knows it. Its deliveries have a schedule of their own, and one that only fails is
    /// switched off.
    var connector: Connector {
        let host = (try? OutboundURL(url))?.host ?? url
        return Connector(id, name: host, priority: 1, hasOwnCircuit: true)
    }
}
