internal import Agents
package import Database
internal import Documents
internal import HTTPServer
internal import JSON
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Telemetry
package import Tenancy

func reportRoutes(_ routes: inout Routes, _ services: DeliveryServices) {
    routes.standard(Report.resource, read: "reports:read", write: "reports:write", create: false)
    routes.creation(
        of: Report.resource, "reports:write", "Compose a report from a client's records"
    ) { report, call, tx in
        try tx.reports.add(&report, by: call.actor, services.dependencies)
    }
    routes.get(
        "/v1/reports/{id}.html", .permission("reports:read"), "Show a report as a page",
        .media("text/html", "The page.")
    ) { call in
        let id = try call.id("id", of: Report.self)
        return .read { reader in
            try reader.reports.page(of: try Report.resource.get(id, in: reader)).response()
        }
    }
    routes.get(
        "/v1/reports/{id}.pdf", .permission("reports:read"), "Download a report",
        .media("application/pdf", "The document.")
    ) { call in
        let id = try call.id("id", of: Report.self)
        return .task {
            let report = try call.read { try Report.resource.get(id, in: $0) }
            let bytes = try await services.paper(of: report, in: call.database, call.tenant)
            return .paper(bytes, named: report.title)
        }
    }
    reportPage(&routes, services)
    routes.post(
        "/v1/reports/{id}/send", .permission("reports:write"),
        "Send a report to its client: by mail, or by a link where they want to be written to",
        .record(Report.resource)
    ) { call in
        let id = try call.id("id", of: Report.self)
        return .write { tx in
            let report = try Report.resource.get(id, in: tx)
            try call.checkVersion(report.version)
            return .record(try services.send(report, by: call.actor, in: tx))
        }
    }
}

extension ReportStore {
    /// A report as a page; for the portal, too.
    package func page(of report: Report) throws -> PublicPage {
        let tenant = try tx.agency.tenant()
        let client = try Client.resource.find(report.clientID, in: tx)
        return report.page(
            ReportCopy(try tx.wordings.find(report.locale)), client: client?.name ?? "", agency: tenant.name,
            color: tenant.brand?.color)
    }
}

extension DeliveryServices {
    /// A report as a file: as it was sent, or set now. For the portal, too.
    package func paper(
        of report: Report, in database: Database, _ tenant: TenantID
    ) async throws -> [UInt8] {
        let (kept, document) = try database.read(tenant) { reader -> ([UInt8]?, Document) in
            let file = try report.fileID.flatMap {
                try StoredFile.resource.find($0, in: reader)
            }
            let client = try Client.resource.find(report.clientID, in: reader)?.name ?? ""
            return (
                try file.map { try reader.files.content(of: $0) },
                report.document(
                    ReportCopy(try reader.wordings.find(report.locale)), client: client,
                    brand: try dependencies.brand(reader))
            )
        }
        if let kept { return kept }
        return try await dependencies.set(document)
    }
}

extension Response {
    /// A document, to be looked at or saved.
    static func paper(_ bytes: [UInt8], named name: String) -> Response {
        Response(
            status: 200,
            headers: [
                ("Content-Type", "application/pdf"), disposition("inline", fileName: "\(name).pdf"),
            ], body: .bytes(bytes))
    }
}
