internal import Agents
internal import Database
package import Integrations
internal import JSON
package import Jobs
internal import Messages
internal import Nouns
internal import People
internal import Records
internal import Telemetry

/// Meetings that prospects book, move and cancel in the agency's calendar service. What it tells comes in any order,
/// and more than once.
package struct BookedMeetings: HookHandler {
    package let providers: Set<String> = ["calendly"]

    package init() {}

    package func process(_ receipt: HookReceipt, of integration: Integration, _ job: JobContext) async throws
    {
        try await job.complete { tx in
            let note = try tx.meetings.book(receipt.type, receipt.payload["payload"] ?? .null)
            try tx.hookReceipts.settle(receipt.id, note == nil ? .processed : .ignored, note: note)
        }
    }
}

extension MeetingStore where Base == Transaction {
    /// Answers why nothing came of it, where nothing did.
    fileprivate func book(_ type: String, _ payload: JSON) throws -> String? {
        switch type {
        case "invitee.created":
            guard let invitee = Invitee(payload) else { return "the event names no invitee, or no time" }
            return try booked(invitee)
        case "invitee.canceled":
            guard let uri = payload["uri"]?.text else { return "the event names no invitee" }
            return try cancelled(uri, payload)
        case "invitee_no_show.created":
            guard let uri = payload["invitee"]?.text, let old = try booked(externalID: uri) else {
                return "the meeting does not exist"
            }
            var meeting = old
            meeting.status = .noShow
            try tx.update(old, to: &meeting, by: .system, action: "meeting.no_show")
            return nil
        default: return "this installation does not use this event"
        }
    }

    private func booked(externalID: String) throws -> Meeting? {
        try Meeting.resource.first(where: "external_id = \(externalID)", in: tx)
    }

    private func booked(_ invitee: Invitee) throws -> String? {
        // It was moved or cancelled before we heard that it was booked.
        if let known = try booked(externalID: invitee.uri) {
            guard known.status == .cancelled, known.startsAt.microseconds == 0 else {
                return "the meeting is already known"
            }
            var meeting = known
            fill(&meeting, from: invitee)
            try tx.update(known, to: &meeting, by: .system)
            return nil
        }
        if try tx.exists(
            "SELECT 1 FROM meetings WHERE tenant_id = \(tx.tenant) AND rescheduled_from = \(invitee.uri)")
        {
            // The booking that it replaces is then no meeting of its own.
            if let before = try invitee.before.flatMap({ try booked(externalID: $0) }) {
                try tx.delete(before, by: .system)
            }
            return "the meeting was moved meanwhile"
        }
        if let before = try invitee.before.flatMap({ try booked(externalID: $0) }) {
            return try move(before, to: invitee)
        }
        var meeting = Meeting.new(id: tx.nextID(), now: tx.now)
        fill(&meeting, from: invitee)
        meeting.rescheduledFrom = invitee.before
        let contact = try contact(of: invitee)
        meeting.contactID = contact.id
        try tx.conversations.bookingMade(by: contact.id)
        let deal =
            try invitee.deal.flatMap { try Deal.resource.find($0, in: tx) } ?? openDeal(with: contact.id)
        meeting.dealID = deal?.id
        try tx.create(&meeting, by: .system)
        try tx.engagement.record(
            .calendlyBook, of: contact.id, on: nil, fact: "booked/\(meeting.id)")
        try tx.deals.advance(deal?.id, to: .needsAssessment, by: .system)
        return nil
    }

    /// A meeting that is moved is the same meeting.
    private func move(_ old: Meeting, to invitee: Invitee) throws -> String? {
        var meeting = old
        fill(&meeting, from: invitee)
        (meeting.status, meeting.cancelReason) = (.scheduled, nil)
        (meeting.rescheduledFrom, meeting.rescheduledTo) = (invitee.before, nil)
        try tx.update(old, to: &meeting, by: .system, action: "meeting.rescheduled")
        try tx.publish(
            "meeting.rescheduled", meeting.subject,
            meeting.payload.merging(["from": .string(old.startsAt.description)]))
        return nil
    }

    private func cancelled(_ uri: String, _ payload: JSON) throws -> String? {
        let next = payload["new_invitee"]?.text
        let isMoved = payload["rescheduled"] == true
        let reason = payload["cancellation"]?["reason"]?.text.map { String($0.prefix(1000)) }
        if let old = try booked(externalID: uri) {
            guard old.status == .scheduled else { return "the meeting is already \(old.status.rawValue)" }
            var meeting = old
            if isMoved {
                meeting.rescheduledTo = next
            } else {
                (meeting.status, meeting.cancelReason) = (.cancelled, reason)
            }
            try tx.update(old, to: &meeting, by: .system, action: isMoved ? nil : "meeting.cancelled")
            return nil
        }
        if isMoved {
            // Where it has moved to is told, or was told already.
            return "the meeting has been moved"
        }
        // Its booking is on the way, and comes to nothing.
        var meeting = Meeting.new(id: tx.nextID(), now: tx.now)
        (meeting.title, meeting.externalID) = (payload["scheduled_event"]?["name"]?.text ?? "Meeting", uri)
        (meeting.status, meeting.cancelReason) = (.cancelled, reason)
        meeting.inviteeEmail = payload["email"]?.text.flatMap { EmailAddress($0) }?.key
        if let invitee = Invitee(payload) {
            fill(&meeting, from: invitee)
            meeting.contactID = try contact(of: invitee).id
        }
        try tx.create(&meeting, by: .system)
        return nil
    }

    private func contact(of invitee: Invitee) throws -> Contact {
        try tx.contacts.findOrMake(withEmail: invitee.email, named: invitee.name)
    }

    private func fill(_ meeting: inout Meeting, from invitee: Invitee) {
        (meeting.title, meeting.externalID) = (invitee.title, invitee.uri)
        (meeting.startsAt, meeting.endsAt, meeting.location) = (
            invitee.startsAt, invitee.endsAt, invitee.location
        )
        (meeting.inviteeEmail, meeting.notes) = (invitee.email, invitee.answers ?? meeting.notes)
        (meeting.rescheduleURL, meeting.cancelURL) = (invitee.rescheduleURL, invitee.cancelURL)
    }

    private func openDeal(with contact: ContactID) throws -> Deal? {
        try Deal.resource.first(
            where: "contact_id = \(contact) AND stage NOT IN ('won', 'lost')",
            suffix: "ORDER BY row DESC LIMIT 1",
            in: tx)
    }
}

/// The person who has booked a meeting, and the meeting, as the service tells them.
private struct Invitee {
    let uri: String, title: String, name: String, email: String
    let startsAt: Instant, endsAt: Instant?
    let location: String?, answers: String?, before: String?, rescheduleURL: String?, cancelURL: String?
    let deal: DealID?

    /// `nil` where it says neither who nor when.
    init?(_ payload: JSON) {
        let event = payload["scheduled_event"]
        guard let uri = payload["uri"]?.text, !uri.isEmpty, uri.utf8.count <= 500,
            let email = payload["email"]?.text.flatMap({ EmailAddress($0) })?.key,
            let start = event?["start_time"]?.text.flatMap({ Instant($0) })
        else { return nil }
        (self.uri, self.email, startsAt) = (uri, email, start)
        endsAt = event?["end_time"]?.text.flatMap { Instant($0) }.flatMap { $0 < start ? nil : $0 }
        func line(_ json: JSON?, _ max: Int) -> String? {
            json?.text.flatMap { $0.trimmed.isEmpty ? nil : String($0.trimmed.prefix(max)) }
        }
        title = line(event?["name"], 300) ?? "Meeting"
        name = line(payload["name"], 320) ?? line(payload["first_name"], 320) ?? email
        location = line(event?["location"]?["join_url"], 1000) ?? line(event?["location"]?["location"], 1000)
        let answers = (payload["questions_and_answers"]?.array ?? []).compactMap { answer -> String? in
            guard let text = line(answer["answer"], 2000) else { return nil }
            return "\(line(answer["question"], 500) ?? ""): \(text)"
        }
        self.answers = answers.isEmpty ? nil : String(answers.joined(separator: "\n").prefix(10_000))
        before = payload["old_invitee"]?.text
        func address(_ json: JSON?) -> String? { json?.text.flatMap { WebAddress($0)?.text } }
        (rescheduleURL, cancelURL) = (address(payload["reschedule_url"]), address(payload["cancel_url"]))
        deal = payload["tracking"]?["utm_content"]?.id(of: Nouns.Deal.self)
    }
}
