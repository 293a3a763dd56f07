internal import Database
internal import JSON
internal import Platform
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
            let open = tickets.filter { !$0.isOver && $0.mergedInto == nil }
            if !open.isEmpty {
                let run = try tx.keepTurn(
                    of: supportAgent, by: job, ["incident_id": .string(id.text)])
                for ticket in open { try desk.tell(of: incident, to: ticket, run: run, in: tx) }
            }
            guard tickets.count == Self.chunk, let last = tickets.last else { return }
            try tx.enqueue(
                IncidentOverJob.self, .init(incident: id.text, after: last.id.text),
                JobOptions(subject: incident.subjectOfEvents))
        }
    }
}

extension TicketDesk {
    /// Whoever has written how it ended has said yes to its being told. Where somebody else speaks just then, they are
    /// asked to say it.
    fileprivate func tell(
        of incident: ServiceIncident, to ticket: Ticket, run: String, in tx: Transaction
    ) throws {
        let isTold: Bool
        do {
            isTold = try tx.attempt {
                try give(
                    ServiceAnswer(
                        text: incident.resolution ?? incident.title, articles: [], title: incident.title,
                        silenceDays: CustomerServiceSettings().silenceDays,
                        origin: Origin(run: run, isApproved: true)),
                    to: ticket, in: tx) != nil
            }
        } catch is Problem {
            isTold = false
        }
        guard !isTold else { return }
        try tx.tellPeople(
            of: ticket, kind: "ticket",
            "Ticket \(ticket.number): tell them that “\(incident.title)” is over", .normal)
    }
}
