internal import Database
internal import Records
internal import Runtime

/// Tells those who have asked about something that it works again: their tickets then wait for a yes.
struct IncidentOverJob: JobKind {
    /// `after` is the ticket that was told last.
    struct Payload: Codable, Sendable { let incident: String, after: String? }

    static let kind = "incident.over"
    private static let chunk = 50
    let desk: TicketDesk

    func run(_ payload: Payload, _ job: JobContext) async throws {
        let desk = desk
        try await job.complete { tx in
            guard let id = ID<ServiceIncident>(payload.incident),
                let incident = try ServiceIncident.resource.find(id, in: tx), incident.status == .resolved
            else { return }
            let tickets = try Ticket.resource.all(
                where: "incident_id = \(id) AND id > \(payload.after ?? "")",
                suffix: "ORDER BY id LIMIT \(Self.chunk)", in: tx)
            for ticket in tickets where !ticket.isOver && ticket.mergedInto == nil {
                try desk.give(
                    ServiceAnswer(
                        text: incident.resolution ?? incident.title, articles: [], title: incident.title,
                        silenceDays: CustomerServiceSettings().silenceDays), to: ticket, in: tx)
            }
            guard tickets.count == Self.chunk, let last = tickets.last else { return }
            try tx.enqueue(
                IncidentOverJob.self, .init(incident: id.text, after: last.id.text),
                JobOptions(subject: incident.subjectOfEvents))
        }
    }
}
