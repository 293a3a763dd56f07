internal import Database
internal import HTTPServer
internal import JSON
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy

/// Registers the routes that read integrations: what of them is worked out is added, and why one fails is said in the
/// reader's language.
func integrationReads(_ routes: inout Routes) {
    let computed = Integration.computed
    routes.get(
        "/v1/integrations", .permission("integrations:read"), "List integrations",
        query: ParameterDoc.list(Integration.resource, computed: computed.names),
        .list(Integration.resource)
    ) { call in
        .read { reader in
            try ListQuery(
                Integration.resource, call.request.head.query, dialect: reader.dialect,
                computed: computed.names + Integration.told
            ).page(toldTo: call, in: reader) { try computed.read($0, reader) }
        }
    }
    routes.get(
        "/v1/integrations/{id}", .permission("integrations:read"), "Get an integration",
        .record(Integration.resource)
    ) { call in
        let id = try call.id("id", of: Integration.self)
        return .read { reader in
            let integration = try Integration.resource.get(id, in: reader)
            return try .told(
                integration, to: call, in: reader, extra: computed.members(of: id, in: reader))
        }
    }
}
