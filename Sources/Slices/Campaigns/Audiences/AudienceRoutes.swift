internal import Agents
internal import Database
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// `/v1/ad-audiences`: people of a segment whom an advertising service finds again, as far as they agree.
func audienceRoutes(
    _ routes: inout Routes, _ integrations: IntegrationServices, _ dependencies: MailingDependencies
) {
    let resource = AdAudience.resource
    routes.standard(
        resource, read: "ad_audiences:read", write: "ad_audiences:write", create: false, patch: false)
    routes.post(
        "/v1/ad-audiences", .permission("ad_audiences:write"), "Create an audience of advertisements",
        body: .json(.reference("AdAudienceCreate")), .record(resource, status: 201)
    ) { call in
        var draft = AdAudience(), faults = Faults()
        AdAudience.schema.create(&draft, from: try call.object(), faults: &faults)
        try faults.throwIfAny()
        return .write { [draft, faults] tx in
            var audience = draft
            audience.beginLife(id: tx.nextID(), now: tx.now)
            try tx.requiring(faults.references) {
                try dependencies.check(audience, integrations, in: tx)
                try tx.create(&audience, by: call.actor)
            }
            return .record(audience, status: 201, location: "/v1/ad-audiences/\(audience.id)")
        }
    }
    routes.change(of: resource, "ad_audiences:write", "Update an audience of advertisements") { _ in
    } check: { _, new, tx in
        try dependencies.check(new, integrations, in: tx)
    }
    routes.post(
        "/v1/ad-audiences/{id}/sync", .permission("ad_audiences:write"),
        "Start telling the service who is on an audience now", named: "sync_ad_audience",
        .record(resource, status: 202)
    ) { call in
        let id = try call.id("id", of: AdAudience.self)
        return .write { tx in
            let audience = try resource.get(id, in: tx)
            try tx.adAudiences.tell(id)
            return .record(audience, status: 202)
        }
    }
}

extension MailingDependencies {
    /// Throws for a segment that there is not, and for an integration that has no audiences.
    fileprivate func check(
        _ audience: AdAudience, _ services: IntegrationServices, in reader: some Queryable
    ) throws {
        var faults = Faults()
        if let integration = try Integration.resource.find(audience.integrationID, in: reader) {
            if !(services.providers[integration.provider] is any AudienceService) {
                faults.add(
                    "/integration_id", "conflict",
                    "The integration has no audiences that could be told here: name one of Google Ads or Meta Ads."
                )
            }
        } else {
            faults.add(
                "/integration_id", "unknown_reference", "The integration does not exist: name another.")
        }
        if try members(reader, audience.segmentID, "", 1) == nil {
            faults.add("/segment_id", "unknown_reference", "The segment does not exist: name another.")
        }
        try faults.throwIfAny()
    }
}
