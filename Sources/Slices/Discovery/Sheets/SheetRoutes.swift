internal import Agents
internal import Cryptography
internal import Database
internal import Foundation
internal import HTTPServer
internal import Integrations
internal import JSON
internal import Jobs
internal import Nouns
internal import Records
internal import Routing
internal import RuntimeRoutes
internal import Tenancy
internal import Transfer
internal import Wire

/// Leads out of a spreadsheet, and into one.
func sheetRoutes(
    _ routes: inout Routes, _ integrations: IntegrationServices, _ runtime: Runtime, folder: String
) {
    routes.declare(SheetImport.self)
    routes.declare(SheetExport.self)
    routes.post(
        "/v1/leads/import-from-sheet", .permission("leads:import"),
        "Import leads from a range of a spreadsheet, and get the import",
        body: .json(.reference("SheetImport")),
        .json(.reference("ImportWithErrors"), status: 202, "The import was accepted; follow Location.")
    ) { call in
        let body = try call.body(SheetImport.self)
        try HeaderMapping.Explicit.check(.object(body.mapping))
        return .task {
            let sheet = try integrations.sheet(body.integrationID, call, runtime)
            let rows: [[JSON]]
            do {
                rows = try await sheet.rows(body.range)
            } catch let failure as ToolFailure {
                throw failure.problem
            }
            guard rows.count > 1 else {
                throw Problem(faults: [Fault("/range", "required", "The range has no rows below its first.")])
            }
            let kept = try keep(rows, in: folder)
            var file = NewImport(
                spool: kept.path, size: kept.size, mediaType: "text/csv", fileName: body.range)
            (file.dedupe, file.country) = (body.dedupe, body.country)
            (file.mapping, file.clientID) = (body.mapping, body.clientID)
            return try await call.commit { [file] tx in
                try tx.require(Referent(Nouns.Client.self), body.clientID, at: "/client_id")
                let record = try tx.imports.start(of: "leads", by: ImportJob.self, file, by: call.actor)
                return .json(record.json, status: 202, headers: [("Location", "/v1/imports/\(record.id)")])
            }
        }
    }
    let ignored: Set<String> = ["limit", "total", "fields", "cursor"]
    routes.post(
        "/v1/leads/export-to-sheet", .permission("leads:export"),
        "Export leads to a tab of a spreadsheet, with the list's filters",
        body: .json(.reference("SheetExport")),
        query: ParameterDoc.list(Lead.resource).filter { !ignored.contains($0.name) },
        .json(
            .schema(["job_id": ["type": "string"]], required: ["job_id"]), status: 202,
            "The job that writes the rows; follow Location.")
    ) { call in
        let body = try call.body(SheetExport.self), query = call.request.head.query
        _ = try ListQuery(Lead.resource, query, dialect: call.database.dialect)
        return .task {
            _ = try integrations.sheet(body.integrationID, call, runtime)
            return try await call.commit { tx in
                try tx.auditLog.add(
                    call.actor, "lead.exported", tx.agency.tenant().subject,
                    ["format": "sheet", "filters": JSON(query.map(\.name))])
                let job = try tx.jobs.enqueue(
                    SheetExportJob.self,
                    .init(
                        integration: body.integrationID, tab: body.tab,
                        query: query.map { [$0.name, $0.value] }),
                    // Of two at once the rows would run into each other.
                    JobOptions(
                        subject: Subject(body.integrationID), limitKey: body.integrationID.keyText,
                        limits: JobLimits(concurrency: 1)))
                return .json(
                    ["job_id": JSON(job.id)], status: 202, headers: [("Location", "/v1/jobs/\(job.id)")])
            }
        }
    }
}

extension IntegrationServices {
    /// Returns the spreadsheet of an integration that may be used now.
    fileprivate func sheet(
        _ id: IntegrationID, _ call: Call, _ runtime: Runtime
    ) throws -> SheetClient {
        guard !runtime.isSandbox(call.tenant) else {
            throw Problem(.conflict, "A sandbox calls no services: use the spreadsheet in the agency.")
        }
        let found = try call.read { try Integration.resource.find(id, in: $0) }
        let caller = ToolCaller(actor: call.actor, subject: found?.subject, clientID: found?.clientID)
        guard let found, let sheet = try self.sheet(of: found, call.tenant, for: caller) else {
            throw Problem(faults: [
                Fault("/integration_id", "invalid_choice", "Choose an integration with Google Sheets.")
            ])
        }
        return sheet
    }
}

extension ToolFailure {
    /// The service's refusal, as the answer to whoever asked.
    fileprivate var problem: Problem {
        code == "not_found"
            ? Problem(faults: [
                Fault(
                    "/range", "invalid_choice",
                    "The spreadsheet has no such range or tab: name one of it, such as Leads!A:F.")
            ]
            )
            : Problem(.conflict, "Google Sheets was not read: \(detail).")
    }
}

/// Keeps rows as a file of CSV that an import reads; returns where, and how large it is.
private func keep(_ rows: [[JSON]], in folder: String) throws -> (path: String, size: Int64) {
    var writer = CSVWriter()
    for row in rows {
        for cell in row {
            if let number = cell.int {
                writer.integer(number)
            } else if let number = cell.double {
                writer.number(number)
            } else if let flag = cell.flag {
                writer.flag(flag)
            } else {
                writer.text(cell.text ?? "")
            }
        }
        writer.endRow()
    }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let path = "\(folder)/sheet-\(RandomToken.make(characters: 24)).csv"
    try Data(writer.bytes).write(to: URL(fileURLWithPath: path))
    return (path, Int64(writer.bytes.count))
}
