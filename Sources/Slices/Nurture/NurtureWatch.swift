internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Sequences
internal import Telemetry
internal import Templates

/// Hears what changes the choice of a lead's sequence, or ends it, in the transaction that stores it.
struct NurtureWatch: EventConsumer {
    let dependencies: NurtureDependencies
    let messaging: MessagingDependencies

    func begin(_ runtime: Runtime) {}

    /// Activities of those who ask for more.
    private static let asking: Set = [
        ContactActivity.Kind.messageReply.rawValue, ContactActivity.Kind.calendlyBook.rawValue,
        ContactActivity.Kind.demoRequest.rawValue, ContactActivity.Kind.referralMade.rawValue,
    ]

    func published(_ event: () -> Event, in tx: Transaction) throws {
        let event = event()
        switch event.type {
        case "lead.created":
            guard let id = event.subject.id(of: Nouns.Lead.self) else { return }
            try tx.nurture.look(at: id, of: dependencies.contactOfLead(tx, id), due: tx.now)
        case "lead.updated":
            guard let id = event.subject.id(of: Nouns.Lead.self) else { return }
            try tx.nurture.wake(id)
            if event.changes("merged_into") { try merged(id, tx) }
        case "lead.deleted":
            guard let id = event.subject.id(of: Nouns.Lead.self) else { return }
            try tx.nurture.forget(id)
        case "lead.lifecycle_changed": try aged(event, tx)
        case "lifecycle_stage.updated":
            try tx.jobs.enqueue(
                NurtureRhythmJob.self, .init(stage: event.subject.id),
                JobOptions(uniqueKey: event.subject.id, uniqueness: .untilStarted))
        case "contact_activity.recorded": try acted(JSON(stored: event.data), tx)
        case "contact.updated", "contact.unsubscribed":
            guard let contact = event.subject.id(of: Nouns.Contact.self) else { return }
            try tx.nurture.wake(of: contact)
            if event.changes("client_id"), try Contact.resource.find(contact, in: tx)?.clientID != nil {
                try tx.nurture.leave(contact, .stage, Saying("enrollment.client"))
            }
        case "client.created": try bought(event, tx)
        case "client.updated":
            if event.changes("lead_id") || event.changes("contact_id") { try bought(event, tx) }
        case "suppression.created", "suppression.deleted":
            guard
                let suppression = try event.subject.id(of: Suppression.self)
                    .flatMap({ try Suppression.resource.find($0, in: tx) })
            else { return }
            try tx.nurture.wake(at: suppression.address)
        case "consent.created", "consent.updated":
            guard
                let contact = try event.subject.id(of: Consent.self)
                    .flatMap({ try Consent.resource.find($0, in: tx) })?.contactID
            else { return }
            try tx.nurture.wake(of: contact)
        case "enrollment.created", "enrollment.exited", "enrollment.finished":
            guard let contact = JSON(stored: event.data)["contact_id"]?.id(of: Nouns.Contact.self) else {
                return
            }
            try tx.nurture.wake(of: contact)
            if event.type == "enrollment.created" { try began(event, contact, tx) }
        case "deal.created", "deal.stage_changed", "deal.won", "deal.lost", "deal.deleted":
            guard let deal = event.subject.id(of: Nouns.Deal.self),
                let contact = try dependencies.contactOfDeal(tx, deal)
            else { return }
            try tx.nurture.wake(of: contact)
            guard try messaging.isInSalesProcess(tx, contact) else { return }
            try tx.nurture.leave(contact, .dealStage, Saying("enrollment.sold_to"))
        default: return
        }
    }

    /// Whom a person has let begin with a seeded sequence hears as often as their stage says, too.
    private func began(_ event: Event, _ contact: ContactID, _ tx: Transaction) throws {
        guard
            let enrollment = try event.subject.id(of: Enrollment.self)
                .flatMap({ try Enrollment.resource.find($0, in: tx) }),
            enrollment.touchEvery == nil, let key = try tx.nurture.key(of: enrollment),
            let id = try enrollment.leadID ?? tx.nurture.leads(of: contact).first,
            let lead = try dependencies.lead(tx, id)
        else { return }
        try tx.enrollments.keep(NurtureCandidate.rhythm(key, lead), of: enrollment)
    }

    /// A lead has come into another stage: its sequence is chosen anew, and goes on where it was if it is the same.
    private func aged(_ event: Event, _ tx: Transaction) throws {
        guard let id = event.subject.id(of: Nouns.Lead.self), let lead = try dependencies.lead(tx, id) else {
            return
        }
        try tx.nurture.wake(id)
        let stage = JSON(stored: event.data)["to"]?.text ?? ""
        tx.counters.countLater("nurture.moved.\(stage)", 1)
        guard let contact = lead.contact else { return }
        if lead.isWon { try tx.nurture.reached(.converted, by: contact) }
        try tx.nurture.leave(contact, .stage, Saying("enrollment.stage"))
    }

    /// Two leads turn out to be one person, who gets nothing if that was drawn for either.
    private func merged(_ id: LeadID, _ tx: Transaction) throws {
        guard
            let contact = try dependencies.contactOfLead(tx, id)
                .flatMap({ try Contact.resource.find($0, in: tx) })
        else { return }
        let kin = try messaging.kin(tx, [contact.id])
        let isOut = try !tx.nurture.drawnOut(of: [contact], kin).isEmpty
        for person in (kin[contact.id] ?? []).union([contact.id]).sorted() {
            try tx.nurture.wake(of: person)
            if isOut { try tx.nurture.leave(person, .stage, Saying("enrollment.held_out")) }
        }
    }

    /// Somebody is a client, whatever the status of the lead: who looks after clients writes to them from now on.
    private func bought(_ event: Event, _ tx: Transaction) throws {
        guard let client = event.subject.id(of: Nouns.Client.self) else { return }
        let origin = try dependencies.originOfClient(tx, client)
        if let lead = origin.lead { try tx.nurture.wake(lead) }
        let people = try [origin.contact, origin.lead.flatMap { try dependencies.contactOfLead(tx, $0) }]
        for person in Set(people.compactMap(\.self)).sorted() {
            try tx.nurture.wake(of: person)
            try tx.nurture.reached(.converted, by: person)
            try tx.nurture.leave(person, .stage, Saying("enrollment.client"))
        }
    }

    private func acted(_ data: JSON, _ tx: Transaction) throws {
        guard let contact = data["contact_id"]?.id(of: Nouns.Contact.self), let type = data["type"]?.text
        else { return }
        try tx.nurture.wake(of: contact)
        guard Self.asking.contains(type) else { return }
        if type == ContactActivity.Kind.messageReply.rawValue {
            try tx.nurture.reached(.replied, by: contact)
        }
        if type == ContactActivity.Kind.referralMade.rawValue {
            tx.counters.countLater("nurture.referrals", 1)
            try tx.nurture.reached(.referred, by: contact)
        }
        for id in try tx.nurture.leads(of: contact) {
            guard let lead = try dependencies.lead(tx, id), !lead.isWon, !lead.isArchived,
                NurtureChoice.fitting(lead.stage, 0) == .dormantLead, try tx.nurture.reactivate(id)
            else { continue }
            try tx.nurture.reached(.reactivated, by: contact)
            tx.counters.countLater("nurture.reactivated", 1)
            try tx.publish(
                "lead.reactivated", Subject(id),
                ["contact_id": JSON(contact), "type": .string(type)])
            try tx.nurture.leave(contact, .reactivated, Saying("enrollment.reactivated"))
        }
    }
}

extension Event {
    /// Returns whether an update has changed a member.
    fileprivate func changes(_ name: String) -> Bool {
        JSON(stored: data)["changed"]?.array?.contains(.string(name)) ?? false
    }
}

extension NurtureStore where Base == Transaction {
    /// Takes a person out of the sequences that nurture has chosen.
    func leave(_ contact: ContactID, _ reason: ExitReason, _ why: Saying) throws {
        for enrollment in try tx.enrollments.running(of: contact, inNurture: true)
        where try isSeeded(enrollment) {
            try tx.enrollments.exit(enrollment, because: reason, why)
        }
    }
}

extension NurtureStore {
    /// Returns whether an enrolment is in a sequence that nurture itself has chosen.
    func isSeeded(_ enrollment: Enrollment) throws -> Bool { try key(of: enrollment) != nil }

    /// Returns which of the sequences that nurture chooses an enrolment is in.
    func key(of enrollment: Enrollment) throws -> NurtureKey? {
        try MessageSequence.resource.find(enrollment.sequenceID, in: tx)?.key
            .flatMap(NurtureKey.init(rawValue:))
    }
}
