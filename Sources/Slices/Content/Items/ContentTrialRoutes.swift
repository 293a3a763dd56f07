internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import Tenancy

/// The body of `POST /v1/content-items/{id}/adopt`.
private struct AdoptBody: Declared {
    var variant = ""

    static let schema = Schema<AdoptBody>(
        "AdoptVariantRequest",
        [
            .text(
                "variant", \.variant, max: 40, .required, .example("short"),
                .about("The variant that everybody gets from now on."))
        ])
}

/// `/v1/content-items/{id}/adopt` and `/adoption`: a person decides which variant everybody gets.
func contentTrialRoutes(_ routes: inout Routes) {
    let resource = ContentItem.resource
    routes.declare(AdoptBody.self)
    routes.post(
        "/v1/content-items/{id}/adopt", .permission("content_items:write"),
        "Send everybody one variant of a content item from now on", named: "adopt_content_variant",
        body: .json(.reference("AdoptVariantRequest")), .record(resource)
    ) { call in
        let (id, body) = try (call.id("id", of: ContentItem.self), call.body(AdoptBody.self))
        return .write { tx in
            let item = try resource.get(id, in: tx)
            try call.checkVersion(item.version)
            try call.requireApproving(from: item, to: item)
            return .record(try tx.contentTrials.settle(item, on: body.variant, by: call.actor))
        }
    }
    routes.delete(
        "/v1/content-items/{id}/adoption", .permission("content_items:write"),
        "Undo the adoption of a variant: each person gets one by chance again, and no agent adopts one",
        named: "undo_content_variant", .record(resource)
    ) { call in
        let id = try call.id("id", of: ContentItem.self)
        return .write { tx in
            let item = try resource.get(id, in: tx)
            try call.checkVersion(item.version)
            try call.requireApproving(from: item, to: item)
            return .record(try tx.contentTrials.settle(item, on: nil, by: call.actor))
        }
    }
}
