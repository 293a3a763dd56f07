internal import Agents
internal import Database
internal import HTTPServer
internal import JSON
internal import Jobs
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// The body of `POST /v1/data-reports`.
private struct DataReportBody: Declared {
    var kind = DataReport.Kind.executive
    var period = DataReport.Period.week

    static let schema = Schema<DataReportBody>(
        "DataReportRequest",
        [
            .choice("kind", \.kind, .required, .about("For whom the report is.")),
            .choice(
                "period", \.period, .standard("week"),
                .about("The last whole day, week or month is what it is about.")),
        ])
}

/// `/v1/data-reports`: reports on the agency's data, as pages, on paper and for spreadsheets.
func dataReportRoutes(_ routes: inout Routes, _ runtime: Runtime, _ dependencies: QualityDependencies) {
    routes.declare(DataReport.resource)
    routes.declare(DataReportBody.self)
    routes.event(
        "data_report.created", "A report on the agency's data was made.",
        ["kind": .anyText, "score": ["type": "number"]])
    routes.get(
        "/v1/data-reports", .permission("quality:read"), "List reports on the agency's data",
        query: ParameterDoc.list(DataReport.resource), .list(DataReport.resource)
    ) { call in
        .read { reader in
            let list = try ListQuery(
                DataReport.resource, call.request.head.query, dialect: reader.dialect, computed: ["content"])
            let telling = try ReportTelling(call, reader)
            return try list.page(in: reader) { try telling.contents(of: $0, reader) }
        }
    }
    routes.get(
        "/v1/data-reports/{id}", .permission("quality:read"), "Get a report on the agency's data",
        .record(DataReport.resource)
    ) { call in
        let id = try call.id("id", of: DataReport.self)
        return .read { reader in
            let report = try DataReport.resource.get(id, in: reader)
            return .record(report, extra: try ReportTelling(call, reader).members(report.content))
        }
    }
    routes.post(
        "/v1/data-reports", .permission("quality:write"),
        "Make the report of the last whole day, week or month",
        body: .json(.reference("DataReportRequest")), .record(DataReport.resource, status: 201)
    ) { call in
        let body = try call.body(DataReportBody.self)
        return .write { tx in
            let today = try tx.dataReports.today()
            let composed = try tx.dataReports.compose(body.kind, body.period, today, runtime.records)
            let report = try tx.dataReports.store(composed, by: call.actor)
            return .record(
                report, status: 201, location: "/v1/data-reports/\(report.id)",
                extra: try ReportTelling(call, tx).members(report.content))
        }
    }
    formatRoutes(&routes, dependencies)
}

private func formatRoutes(_ routes: inout Routes, _ dependencies: QualityDependencies) {
    routes.get(
        "/v1/data-reports/{id}.html", .permission("quality:read"), "Show a report on data as a page",
        .media("text/html", "The page.")
    ) { call in
        .read { reader in try call.dataReport(in: reader).page(of: reader.agency.tenant()).response() }
    }
    routes.get(
        "/v1/data-reports/{id}.csv", .permission("quality:read"), "Download a report on data as CSV",
        .media("text/csv", "The tables of the report.")
    ) { call in
        .read { reader in
            let text = try call.dataReport(in: reader)
            return Response(
                status: 200,
                headers: [
                    ("Content-Type", "text/csv; charset=utf-8"),
                    Response.disposition("attachment", fileName: "\(text.title).csv"),
                ], body: .bytes(text.csv))
        }
    }
    routes.get(
        "/v1/data-reports/{id}.pdf", .permission("quality:read"), "Download a report on data as a document",
        .media("application/pdf", "The document.")
    ) { call in
        .task {
            let (text, brand) = try call.read { (try call.dataReport(in: $0), try dependencies.brand($0)) }
            let bytes = try await dependencies.set(text.document(brand))
            return Response(
                status: 200,
                headers: [
                    ("Content-Type", "application/pdf"),
                    Response.disposition("inline", fileName: "\(text.title).pdf"),
                ], body: .bytes(bytes))
        }
    }
}

/// Tells what reports say in the words of whoever calls.
private struct ReportTelling {
    private let words: Wording
    private let zone: TimeZoneRules

    init(_ call: Call, _ reader: some Queryable) throws {
        (words, zone) = (try reader.wordings.find(for: call), try reader.agency.zone())
    }

    func members(_ content: JSONObject) -> JSONObject {
        ["content": JSON.object(content).told(in: words, zone)]
    }

    /// Returns the contents of some reports, by their ids.
    func contents(of ids: [String], _ reader: some Queryable) throws -> [String: JSONObject] {
        guard !ids.isEmpty else { return [:] }
        let found = try reader.all(
            "SELECT id, content FROM data_reports WHERE tenant_id = \(reader.tenant) AND id IN \(list: ids)"
        ) { ($0.text(0), members(JSON(stored: $0.text(1)).object ?? [:])) }
        return Dictionary(found) { first, _ in first }
    }
}

extension Call {
    /// The report that the path names, in the caller's words.
    fileprivate func dataReport(in reader: some Queryable) throws -> DataReportText {
        let report = try DataReport.resource.get(id("id", of: DataReport.self), in: reader)
        return DataReportText(report, try reader.wordings.find(for: self), try reader.agency.tenant().zone)
    }
}
