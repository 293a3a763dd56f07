internal import Agents
package import Database
internal import JSON
package import Jobs
package import Nouns
package import Records
package import Telemetry

/// Something that does not work at the moment, and what those who ask are told of it: one row of `service_incidents`.
package struct ServiceIncident: ManagedRecord {
    package enum Status: String, Choice { case open, resolved }

    package var head = Head<ServiceIncident>()
    package var title = ""
    package var text = ""
    package var status = Status.open
    package var words: [String] = []
    package var clientID: ClientID?
    package var expectedAt: Instant?
    package var resolution: String?
    package var resolvedAt: Instant?

    package init() {}

    package static let idPrefix = "incident", noun = "service_incident"
    package static let resource = Resource<ServiceIncident>(
        "service_incidents", named: "ServiceIncident", rule: .client(orAgency: true),
        [
            .text(
                "title", \.title, max: 200, .required, .example("The shop's tracking stands still"),
                .about("The title of the incident, as clients read it.")),
            .text(
                "text", \.text, max: 5000, .required,
                .about("The text that those who ask get, as plain text."),
                .example("No orders are counted since Monday. We are working on it.")),
            .choice(
                "status", \.status, .standard("open"), .filterable,
                .about("Whether the incident is going on or resolved.")),
            .texts(
                "words", \.words, max: 50, length: 100, .required,
                .about("The words of tickets about the incident; one is enough to match.")),
            .id(
                "client_id", \.clientID, .filterable,
                .about("The client that the incident concerns; null: all clients.")),
            .instant("expected_at", \.expectedAt, .about("When the incident is expected to be resolved.")),
            .text(
                "resolution", \.resolution, max: 5000,
                .about("The text that is sent to those who asked, once the incident is resolved.")),
            .instant("resolved_at", \.resolvedAt, .readOnly),
        ])

    package var subjectOfEvents: Subject { Subject(id) }

    package mutating func prepare(
        replacing old: ServiceIncident?, by actor: Actor, in tx: Transaction
    ) throws {
        var faults = Faults()
        if status == .resolved, resolution == nil {
            faults.add(
                "/resolution", "required", "resolution is required: say what clients who asked are told.")
        }
        try faults.throwIfAny()
        resolvedAt = status == .resolved ? resolvedAt ?? tx.now : nil
    }

    package func saved(replacing old: ServiceIncident?, by actor: Actor, in tx: Transaction) throws {
        guard let old, old.status == .open, status == .resolved else { return }
        try tx.publish(
            "service_incident.resolved", subjectOfEvents,
            ["title": .string(title), "client_id": JSON(clientID)])
        try tx.jobs.enqueue(
            IncidentOverJob.self,
            .init(incident: id, after: nil, by: try tx.tickets.author(actor)["name"]?.text),
            JobOptions(subject: subjectOfEvents))
    }
}

extension ServiceIncident {
    /// The values that texts may use of it.
    var values: JSON {
        ["title": .string(title), "text": .string(text), "expected_at": JSON(expectedAt?.description)]
    }
}

extension IncidentStore {
    /// Returns the open incident that somebody's text is about; `nil`: there is none.
    package func find(of text: String, client: ClientID?) throws -> ServiceIncident? {
        let open = try ServiceIncident.resource.all(
            where: "status = 'open' AND (client_id IS NULL OR client_id = \(client))",
            suffix: "ORDER BY id DESC LIMIT 50", in: tx)
        guard !open.isEmpty else { return nil }
        let words = WordsOfText(text)
        return open.first { words.first(of: $0.words) != nil }
    }

    /// Returns the incident that a ticket is about, as long as it is open.
    func open(of ticket: Ticket) throws -> ServiceIncident? {
        try ticket.incidentID.flatMap { try ServiceIncident.resource.find($0, in: tx) }
            .flatMap { $0.status == .open ? $0 : nil }
    }
}
