internal import Agents
internal import Database
internal import HTTPClient
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Tenancy
internal import Routing
internal import RuntimeRoutes

/// Connectors that an agency declares as data.
func connectorRoutes(_ routes: inout Routes, _ integrations: IntegrationServices) {
    let path = "/v1/connectors", resource = DeclaredConnector.resource
    let addresses = OutboundAddresses(integrations.platform.outbound)
    routes.tells(resource, read: "integrations:read")
    routes.get(
        path, .permission("integrations:read"), "List the connectors that the agency has declared",
        query: ParameterDoc.list(resource), .list(resource)
    ) { call in
        .read { try ListQuery(resource, call.request.head.query, dialect: $0.dialect).page(in: $0) }
    }
    routes.post(
        path, .permission("integrations:write"), "Create a connector to a service, as data",
        body: .json(.reference("ConnectorCreate")), .record(resource, status: 201)
    ) { call in
        var draft = DeclaredConnector(), faults = Faults()
        DeclaredConnector.schema.create(&draft, from: try call.object(), faults: &faults)
        draft.check(addresses, &faults)
        try faults.throwIfAny()
        return .write { [draft] tx in
            var connector = draft
            connector.beginLife(id: tx.nextID(), now: tx.now)
            try tx.create(&connector, by: call.actor)
            return .record(connector, status: 201, location: "\(path)/\(connector.name)")
        }
    }
    routes.get(
        "\(path)/{name}", .permission("integrations:read"), "Get a connector", .record(resource)
    ) { call in .read { .record(try $0.connector(call)) } }
    routes.patch(
        "\(path)/{name}", .permission("integrations:write"), "Update a connector",
        body: .json(.reference("ConnectorPatch")), .record(resource)
    ) { call in
        let body = try call.object()
        return .write { tx in
            let old = try tx.connector(call)
            try call.checkVersion(old.version)
            var connector = old, faults = Faults()
            _ = DeclaredConnector.schema.patch(&connector, with: body, faults: &faults)
            connector.check(addresses, &faults)
            try faults.throwIfAny()
            try tx.update(old, to: &connector, by: call.actor)
            return .record(connector)
        }
    }
    routes.delete(
        "\(path)/{name}", .permission("integrations:write"), "Delete a connector that no integration uses",
        .empty("The connector was deleted.")
    ) { call in
        .write { tx in
            let connector = try tx.connector(call)
            try call.checkVersion(connector.version)
            try tx.delete(connector, by: call.actor)
            return .noContent
        }
    }
}

extension Queryable {
    fileprivate func connector(_ call: Call) throws -> DeclaredConnector {
        guard let found = try integrations.connector(named: call.parameters["name"] ?? "") else {
            throw Problem(.notFound)
        }
        return found
    }
}

extension DeclaredConnector {
    fileprivate func check(_ addresses: OutboundAddresses, _ faults: inout Faults) {
        check(&faults)
        guard let baseURL else { return }
        if let fault = addresses.fault(of: baseURL, schemes: ["https", "http"], at: "/base_url") {
            faults.add(contentsOf: [fault])
        }
    }
}
