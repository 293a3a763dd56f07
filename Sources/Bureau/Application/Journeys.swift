internal import Agents
internal import Database
internal import Deals
internal import Delivery
internal import Discovery
internal import Insights
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Support

/// The most of each kind that a journey names.
private let shownMax = 50

extension Queryable {
    /// Returns the steps that a contact and the agency have taken together, slice by slice.
    func journey(of contact: Contact) throws -> [JourneyStep] {
        let lead = try Lead.ofContact(contact.id, in: self)
        let known = JourneyStep(
            .known, "known", contact.name, contact.createdAt, Subject(contact.id)
        )
        return try [known] + conversationSteps(with: contact) + (lead.map(steps) ?? [])
            + (client(of: contact).map(steps) ?? [])
    }

    private func newest(_ condition: SQL) -> SQL { condition + " ORDER BY id DESC LIMIT \(shownMax)" }

    private func conversationSteps(with contact: Contact) throws -> [JourneyStep] {
        var steps: [JourneyStep] = []
        for (direction, kind) in [("outbound", "first_written"), ("inbound", "first_heard")] {
            if let message = try Message.resource.first(
                where: "contact_id = \(contact.id) AND direction = \(direction)",
                suffix: "ORDER BY id LIMIT 1",
                in: self)
            {
                steps.append(
                    JourneyStep(
                        .conversation, kind, message.channel.rawValue, message.createdAt,
                        message.subjectOfEvents))
            }
        }
        let tickets = try Ticket.resource.all(
            where: "contact_id = \(contact.id)", suffix: newest(""), in: self)
        steps += tickets.map {
            JourneyStep(.conversation, "ticket", "\($0.number)", $0.createdAt, $0.subjectOfEvents)
        }
        let meetings = try Meeting.resource.all(
            where: "contact_id = \(contact.id)", suffix: newest(""), in: self)
        return steps
            + meetings.map {
                JourneyStep(.conversation, "meeting", $0.title, $0.startsAt, $0.subject)
            }
    }

    private func steps(of lead: Lead) throws -> [JourneyStep] {
        let subject = Subject(lead.id)
        var steps = [JourneyStep(.lead, "lead", lead.company, lead.createdAt, subject)]
        steps += try all(
            """
            SELECT created_at, changes FROM audit WHERE tenant_id = \(tenant) AND subject_id = \(lead.id)
            ORDER BY row DESC LIMIT 200
            """
        ) { row in
            JSON(stored: row.text(1))["status"]?["to"]?.text.map {
                JourneyStep(.lead, "lead_\($0)", lead.company, row.instant(0), subject)
            }
        }.compactMap(\.self)
        for deal in try Deal.resource.all(where: "lead_id = \(lead.id)", suffix: newest(""), in: self) {
            let about = Subject(deal.id)
            steps.append(JourneyStep(.deal, "deal", deal.name, deal.createdAt, about))
            if let closed = deal.closedAt {
                steps.append(JourneyStep(.deal, "deal_\(deal.stage.rawValue)", deal.name, closed, about))
            }
        }
        for proposal in try Proposal.resource.all(
            where: "lead_id = \(lead.id)", suffix: newest(""), in: self)
        {
            let about = Subject(proposal.id)
            for (kind, at) in [
                ("proposal_sent", proposal.sentAt), ("proposal_accepted", proposal.acceptedAt),
            ] {
                if let at { steps.append(JourneyStep(.deal, kind, proposal.title ?? "", at, about)) }
            }
        }
        return steps
    }

    /// Returns the client that a contact belongs to, or whose first contact it is.
    private func client(of contact: Contact) throws -> Client? {
        try contact.clientID.flatMap { try Client.resource.find($0, in: self) }
            ?? Client.resource.first(
                where: "contact_id = \(contact.id)", suffix: "ORDER BY id LIMIT 1", in: self)
    }

    private func steps(of client: Client) throws -> [JourneyStep] {
        let id = client.id
        var steps = [
            JourneyStep(
                .client, "client_since", client.name, client.createdAt,
                Subject(id))
        ]
        steps += try Contract.resource.all(
            where: "client_id = \(id) AND signed_at IS NOT NULL", suffix: newest(""), in: self
        ).map {
            JourneyStep(
                .deal, "contract_signed", $0.title ?? "", $0.signedAt ?? $0.createdAt,
                Subject($0.id))
        }
        steps += try Invoice.resource.all(
            where: "client_id = \(id) AND paid_at IS NOT NULL", suffix: newest(""), in: self
        ).map {
            JourneyStep(
                .client, "invoice_paid", $0.number ?? "", $0.paidAt ?? $0.createdAt,
                Subject($0.id))
        }
        return steps
            + (try Project.resource.all(where: "client_id = \(id)", suffix: newest(""), in: self)).map {
                JourneyStep(
                    .client, "project", $0.name, $0.createdAt, Subject($0.id))
            }
    }
}
