internal import Agents
internal import Database
internal import Nouns
internal import Records
internal import Telemetry
internal import Templates
internal import Tenancy
internal import Wording

/// The parts that only the agency reads of a client: what needs its account manager's attention, and the business
/// with it.
extension ReportComposition {
    /// A sentence on how the client fares, for the agency alone.
    func standing(in reader: some Queryable) throws -> String {
        guard audience != .client else { return "" }
        let health = try Client.resource.get(client, in: reader).health
        return words("report.client_status", ["health": .text(health ?? "none")]) + " "
    }

    func risks(in reader: some Queryable) throws -> ReportSection {
        let today = try reader.agency.tenant().today(reader.now).iso
        let late = try reader.int(
            """
            SELECT count(*) FROM tasks WHERE tenant_id = \(reader.tenant) AND client_id = \(client)
                AND due_on < \(today) AND status <> 'done'
            """)
        let blocked = try reader.int(
            """
            SELECT count(*) FROM tasks
            WHERE tenant_id = \(reader.tenant) AND client_id = \(client) AND status = 'blocked'
            """)
        let sentBack = try reader.int(
            """
            SELECT count(*) FROM deliverables
            WHERE tenant_id = \(reader.tenant) AND client_id = \(client) AND status = 'changes_requested'
            """)
        let tasks = "/v1/tasks?client_id=\(client)"
        var figures = [
            figure(
                words("report.tasks_late"), late, "tasks", "\(tasks)&due_on[lt]=\(today)&status[ne]=done"),
            figure(words("report.tasks_blocked"), blocked, "tasks", "\(tasks)&status=blocked"),
            figure(
                words("report.sent_back"), sentBack, "deliverables",
                "/v1/deliverables?client_id=\(client)&status=changes_requested"),
        ]
        if let tickets = try dependencies?.tickets(reader, client) {
            let query = "/v1/tickets?client_id=\(client)&status[ne]=resolved,closed"
            figures += [
                figure(words("report.tickets_open"), Int64(tickets.open), "tickets", query),
                figure(
                    words("report.tickets_urgent"), Int64(tickets.urgent), "tickets",
                    "\(query)&priority=urgent"),
            ]
        }
        return ReportSection(words("report.risks"), figures)
    }

    func business(in reader: some Queryable) throws -> ReportSection {
        let known = try Client.resource.get(client, in: reader)
        var figures: [ReportMetric] = []
        func add(_ label: String, _ value: Double, _ unit: String? = nil) {
            var figure = ReportMetric()
            (figure.label, figure.value, figure.unit) = (label, value, unit)
            (figure.aggregate, figure.source, figure.query) = (.value, "clients", "/v1/clients/\(client)")
            figures.append(figure)
        }
        if let fee = known.monthlyFee, let currency = Currency(fee.currency) {
            add(words("report.monthly_fee"), Double(fee.amount) / Double(currency.minorUnits), currency.code)
        }
        if let satisfaction = known.satisfaction { add(words("report.satisfaction"), satisfaction) }
        if let unpaid = try dependencies?.unpaid(reader, client) {
            let query = "/v1/invoices?client_id=\(client)&status="
            figures += [
                figure(
                    words("report.invoices_open"), Int64(unpaid.open), "invoices", query + "open,overdue"),
                figure(
                    words("report.invoices_overdue"), Int64(unpaid.overdue), "invoices", query + "overdue"),
            ]
        }
        let reached = try reader.int(
            """
            SELECT count(*) FROM goals WHERE tenant_id = \(reader.tenant) AND client_id = \(client)
                AND reached_at >= \(start) AND reached_at < \(end)
            """)
        figures.append(
            figure(
                words("report.goals_reached"), reached, "goals",
                "/v1/goals?client_id=\(client)&reached_at[gte]=\(start)&reached_at[lt]=\(end)"))
        return ReportSection(words("report.business"), figures)
    }
}

extension ReportStore where Base == Transaction {
    /// Tells those of the agency for whom a report is that it is there: the client's account manager, where one is
    /// named, or those who decide on clients.
    func tellAgency(of report: Report, _ client: Client) throws {
        guard report.audience != .client else { return }
        let manager = report.audience == .manager ? client.managerID : nil
        try tx.notifications.notify(
            manager.map { .users([$0]) } ?? .permission("clients:write"), kind: .reportReady,
            title: Saying(
                "notification.report_ready", ["client": .text(client.name), "title": .text(report.title)]),
            subject: report.subject)
    }
}
