internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
internal import Tenancy

extension Project {
    /// The client's view, without the people of the agency who work on it.
    static let portal = PortalView(resource, hiding: ["team"])
}

extension ProjectTask {
    static let portal = PortalView(
        resource, hiding: ["assignee_id", "estimate", "tags", "shared", "role", "tools", "method"],
        where: "shared = 1")
}

extension Goal {
    static let portal = PortalView(resource, hiding: ["evidence"])
}

extension ClientDocument {
    static let portal = PortalView(resource, hiding: ["visibility"], where: "visibility = 'client'")
}

extension Report {
    /// Lists leave the sections out, which are long.
    static let portal = PortalView(
        resource, hiding: ["sections", "file_id", "message_id", "audience"],
        where: "status IN ('ready', 'sent') AND audience = 'client'",
        details: .init(["sections": ["type": "array", "items": ReportSection.schema.jsonSchema(.whole)]]) {
            ["sections": $0.sections.json]
        })
}

/// Adds the portal's routes by which clients see the work for them, and act on it.
func deliveryPortalRoutes(_ routes: inout Routes, _ services: DeliveryServices) {
    services.platform.portal.add(PortalPart { portal, reader in try reader.clients.work(for: portal) })
    routes.portal(Project.portal)
    routes.portal(ProjectTask.portal)
    routes.portal(Goal.portal)
    deliverablePortal(&routes, services)
    reportPortal(&routes, services)
    documentPortal(&routes)
    metricPortal(&routes)
    deliverablePage(&routes, services)
}

private func deliverablePortal(_ routes: inout Routes, _ services: DeliveryServices) {
    let view = Deliverable.portal
    routes.declare(PortalChangeRequest.self)
    routes.portal(view)
    routes.portal("approve", view, "portal:approve", "Approve a deliverable") {
        deliverable, call, portal, tx in
        try tx.deliverables.approve(deliverable, tx.clients.word(of: portal, call), by: call.actor)
    }
    routes.portal(
        "request-changes", view, "portal:approve", "Request changes of a deliverable",
        body: .json(.reference("PortalChangeRequest"))
    ) { deliverable, call, portal, tx in
        let body = try call.body(PortalChangeRequest.self)
        return try tx.deliverables.requestChanges(
            deliverable, body.text, tx.clients.word(of: portal, call), by: call.actor)
    }
    routes.portalFiles(of: view, "Download a file of a deliverable") { deliverable, file, _ in
        deliverable.shownFiles.contains(file)
    }
}

private func reportPortal(_ routes: inout Routes, _ services: DeliveryServices) {
    let view = Report.portal
    routes.portal(view)
    routes.get(
        "\(view.path)/{id}.html",
        .portal(
            "portal:read"), "Show a report as a page", .media("text/html", "The page.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Report.self), try call.portal)
        return .read { reader in try reader.reports.page(of: view.get(id, portal, in: reader)).response() }
    }
    routes.get(
        "\(view.path)/{id}.pdf", .portal("portal:read"), "Download a report",
        .media("application/pdf", "The document.")
    ) { call in
        let (id, portal) = (try call.id("id", of: Report.self), try call.portal)
        return .task {
            let report = try call.read { try view.get(id, portal, in: $0) }
            let bytes = try await services.paper(of: report, in: call.database, call.tenant)
            return .paper(bytes, named: report.title)
        }
    }
}

private func documentPortal(_ routes: inout Routes) {
    let view = ClientDocument.portal
    routes.portal(view)
    routes.get(
        "\(view.path)/{id}/content", .portal("portal:read"), "Download one of your documents",
        .media("application/octet-stream", "The bytes of the file.")
    ) { call in
        let (id, portal) = (try call.id("id", of: ClientDocument.self), try call.portal)
        return .read { reader in
            try reader.files.download(view.get(id, portal, in: reader).fileID, for: portal)
        }
    }
}

/// A client's request for changes, in their own words.
private struct PortalChangeRequest: Declared {
    var text = ""
    static let schema = Schema<PortalChangeRequest>(
        "PortalChangeRequest",
        [.text("text", \.text, max: 10_000, .required, .about("The changes that are requested."))])
}

extension ClientStore {
    /// Returns the person of the client who decides, signed in.
    fileprivate func word(of portal: PortalCall, _ call: Call) throws -> ClientDecider {
        let user = try User.resource.find(portal.userID, in: tx)
        return ClientDecider(
            name: user?.name, userID: portal.userID, address: call.request.head.remoteAddress.description,
            userAgent: call.request.head.header("User-Agent").map { String($0.prefix(300)) })
    }
}

extension ClientStore where Base == Reader {
    /// For the portal's first page.
    fileprivate func work(for portal: PortalCall) throws -> (counts: JSONObject, waiting: [PortalWaiting]) {
        let deliverables = try Deliverable.portal.all(portal, where: "status = 'with_client'", in: tx)
        let projects = try Project.portal.count(
            portal, where: "status IN ('planned', 'active', 'on_hold')", in: tx)
        return (
            ["deliverables_to_approve": JSON(deliverables.count), "projects_open": JSON(projects)],
            deliverables.map {
                PortalWaiting(
                    $0.subject, $0.name, action: "approve", needs: "portal:approve",
                    since: $0.reviewedAt ?? $0.updatedAt,
                    link: .sealed(.deliverable, "\($0.id) \($0.revision)"))
            }
        )
    }
}
