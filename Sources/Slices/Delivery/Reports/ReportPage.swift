internal import Database
internal import HTTPServer
internal import Nouns
internal import People
internal import Records
internal import Routing
internal import Telemetry
internal import Tenancy
internal import Wording

/// The content of a link that was sent to one reader: a report.
private struct ReportLink {
    let tenant: TenantID
    let id: ID<Report>
    let contact: ContactID

    init(_ call: Call, _ services: DeliveryServices) throws(Problem) {
        let platform = services.platform
        guard
            let link = platform.links.open(
                .report, call.parameters["token"] ?? "", at: platform.now())
        else { throw Problem(.notFound) }
        let parts = link.subject.split(separator: " ").map(String.init)
        guard parts.count == 2, let id = ID<Report>(parts[0]), let contact = ContactID(parts[1]) else {
            throw Problem(.notFound)
        }
        (tenant, self.id, self.contact) = (link.tenant, id, contact)
    }

    /// The report, while its reader is the client's and the client has it.
    func found(in reader: some Queryable) throws -> Report {
        guard let report = try Report.resource.find(id, in: reader), report.audience == .client,
            [.ready, .sent].contains(report.status)
        else { throw Problem(.notFound) }
        _ = try Client.person(contact, of: report.clientID, in: reader)
        return report
    }
}

/// A page for whoever has a report's link, where it went out as a short word instead of a mail with the file.
func reportPage(_ routes: inout Routes, _ services: DeliveryServices) {
    let database = services.platform.database
    routes.get(
        "/b/{token}", .anyone, "Show a report to whoever has its link", .media("text/html", "The page.")
    ) {
        call in
        let link = try ReportLink(call, services), token = call.parameters["token"] ?? ""
        return .task {
            try database.read(link.tenant) { reader in
                let report = try link.found(in: reader)
                var page = try reader.reports.page(of: report)
                let words = try reader.wordings.find(report.locale)
                page.body += """
                    <p><a href="/b/\(token.htmlEscaped)/report.pdf">\(words("report.download").htmlEscaped)</a></p>

                    """
                return page.response()
            }
        }
    }
    routes.get(
        "/b/{token}/report.pdf", .anyone, "Download a report by its link",
        .media("application/pdf", "The document.")
    ) { call in
        let link = try ReportLink(call, services)
        return .task {
            let report = try database.read(link.tenant) { try link.found(in: $0) }
            return .paper(
                try await services.paper(of: report, in: database, link.tenant), named: report.title)
        }
    }
}

extension DeliveryServices {
    /// The time for which the link of a report works.
    private static let lifetime = Duration.seconds(90 * 86_400)

    func link(of report: Report, for contact: ContactID, _ tenant: TenantID) throws -> String {
        try platform.links.url(
            .report, tenant, "\(report.id) \(contact)",
            // The machine's time, as everywhere where a link is opened.
            expiresAt: platform.now() + Self.lifetime)
    }
}
