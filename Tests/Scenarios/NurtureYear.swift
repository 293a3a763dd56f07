import Foundation
import JSON
import Testing

/// Keeping in touch as a whole: a year of leads of all ages and of clients, with agents that nobody watches.
@Suite(.ownThreadFirst) struct NurtureYear {
    /// A year, and until the last anniversary has been told of.
    private static let days = 372

    /// `BUREAU_TEST_YEAR` says how many leads: `make year` takes a thousand, and twenty clients.
    @Test func `a year: each message has its reason, none comes at night, too often or after a stop`() throws
    {
        let leads = ProcessInfo.processInfo.environment["BUREAU_TEST_YEAR"].flatMap(Int.init) ?? 120
        // Its own server: it keeps a writer busy for minutes.
        let story = try NurtureStory(
            BureauProcess.start(), leads: leads, clients: max(8, leads / 50), days: Self.days, seed: 2027)
        try story.live()
        let book = try NurtureBook(story)
        checkExtent(book)
        checkReasons(book)
        checkStops(book)
        checkProgrammes(book)
        checkHours(book)
        checkCaps(book)
        checkMoments(book)
        checkRepeats(book)
        #expect(try story.box.owner.every("/v1/agent-runs?status=failed").isEmpty)
        #expect(try story.box.owner.get("/v1/audit/verify").ok()["valid"] == true)
    }

    /// Enough happens for the rest to mean something.
    private func checkExtent(_ book: NurtureBook) {
        let people = book.story.people.count
        #expect(book.story.left.count > people / 10 && book.story.answered.count > people / 20)
        #expect(Set(book.marketing.map(\.contact)).count > people / 2)
        #expect(book.marketing.count > 3 * people)
        let causes = Set(book.marketing.map(\.cause.type))
        #expect(causes.isSuperset(of: ["enrollment", "distribution", "gratitude"]), "\(causes)")
        let topics = Set(book.sent.map { $0.mail.text("topic") })
        #expect(
            topics.isSuperset(of: [
                "client_welcome", "onboarding_reminder", "goal_reached", "client_anniversary",
            ]), "\(topics)")
        let keys = book.marketing.compactMap { book.nurture($0) }.compactMap {
            book.sequences[$0.text("sequence_id")]?.text("key")
        }
        #expect(Set(keys).isSuperset(of: ["new_lead", "cold_lead", "dormant_lead"]))
    }

    private func checkReasons(_ book: NurtureBook) {
        // Mails that tell people of the agency of their accounts are not of this story.
        for mail in book.outbound where mail.text("purpose") != "account" {
            let cause = mail["cause"] ?? .null
            #expect(!cause.text("type").isEmpty && !cause.id.isEmpty, "\(mail)")
            #expect(!mail.text("why").isEmpty && mail["author"]?.id.isEmpty == false, "\(mail)")
            guard mail.text("sent_at").isEmpty else { continue }
            #expect(["held", "cancelled", "queued"].contains(mail.text("status")), "\(mail)")
        }
        for sent in book.marketing {
            switch sent.cause.type {
            case "enrollment":
                let enrollment = book.enrollments[sent.cause.id] ?? .null
                let decision = book.decisions[enrollment.text("decision_id")] ?? .null
                #expect(decision["subject"]?.id == enrollment.text("lead_id"), "\(sent)")
                let key = book.sequences[enrollment.text("sequence_id")]?.text("key")
                #expect(decision["outcome"]?.text("sequence") == key, "\(sent)")
            case "distribution": #expect(book.items[sent.cause.id]?.isEmpty == false, "\(sent)")
            case "gratitude": #expect(sent.mail["sources"]?.array?.isEmpty == false, "\(sent)")
            default: Issue.record("nobody has asked for \(sent)")
            }
        }
    }

    private func checkStops(_ book: NurtureBook) {
        for sent in book.marketing {
            #expect(!book.heldOut.contains(sent.contact), "\(sent)")
            if let left = book.story.left[sent.contact] { #expect(sent.at <= left, "\(sent)") }
            for answer in book.story.answered[sent.contact] ?? [] {
                #expect(sent.at <= answer || sent.at >= answer + 48 * 3600, "\(sent)")
            }
            if let enrollment = book.nurture(sent), let end = try? Date(iso: enrollment.text("ended_at")) {
                #expect(sent.at <= end, "\(sent)")
            }
        }
        #expect(!book.heldOut.isEmpty)
        for enrollment in book.enrollments.values where enrollment.text("status") == "active" {
            let contact = enrollment.text("contact_id")
            #expect(book.story.left[contact] == nil && !book.heldOut.contains(contact), "\(enrollment)")
        }
    }

    /// People who are sold to, or are in a sequence of the agency's own, are left alone.
    private func checkProgrammes(_ book: NurtureBook) {
        for sent in book.marketing {
            if let sale = book.story.sold[sent.contact] {
                #expect(sent.at <= sale.lowerBound || sent.at >= sale.upperBound, "\(sent)")
            }
            if let calls = book.story.called[sent.contact], book.nurture(sent) != nil {
                #expect(sent.at <= calls.lowerBound || sent.at >= calls.upperBound, "\(sent)")
            }
        }
        let active = book.enrollments.values.filter {
            ["active", "paused"].contains($0.text("status"))
                && book.sequences[$0.text("sequence_id")]?.text("kind") == "nurture"
        }
        let twice = Dictionary(grouping: active) { $0.text("contact_id") }.filter { $0.value.count > 1 }
        #expect(twice.isEmpty, "\(twice)")
    }

    private func checkHours(_ book: NurtureBook) {
        for sent in book.marketing { #expect((8..<20).contains(sent.hour), "\(sent)") }
        #expect(Set(book.marketing.map(\.zone)).count == Prospect.places.count)
    }

    /// Two a day at most, and what keeps in touch not within a week of anything.
    private func checkCaps(_ book: NurtureBook) {
        for (_, all) in Dictionary(grouping: book.marketing, by: \.contact) {
            let days = Dictionary(grouping: all, by: \.day)
            #expect(days.values.allSatisfy { $0.count <= 2 }, "\(all)")
            for (place, sent) in all.enumerated() where book.isCapped(sent) {
                let before = all[..<place].filter { sent.day - $0.day < 7 }
                #expect(before.isEmpty, "\(sent) after \(before)")
            }
        }
    }

    private func checkMoments(_ book: NurtureBook) {
        for sent in book.marketing {
            let troubles = book.story.troubles[sent.mail.text("client_id")] ?? []
            #expect(!troubles.contains { $0.lowerBound < sent.at && sent.at < $0.upperBound }, "\(sent)")
        }
        #expect(book.story.troubles.count > book.story.clients.count / 2)
    }

    private func checkRepeats(_ book: NurtureBook) {
        let keys = book.marketing.map { sent -> [String] in
            switch sent.cause.type {
            case "distribution": [sent.contact, book.items[sent.cause.id] ?? ""]
            case "gratitude":
                [sent.contact, sent.mail.text("topic"), sent.mail.text("subject")]
                    + (sent.mail["sources"]?.array ?? []).map(\.id)
            default: [sent.contact, sent.mail.id]
            }
        }
        let twice = Dictionary(grouping: keys) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(twice.isEmpty, "\(twice)")
        let identifiers = Set(book.marketing.map { $0.mail.text("internet_id") })
        #expect(identifiers.count == book.marketing.count)
        let (steps, told) = NurtureSteps.sent(book.enrollments.values.map(\.self))
        #expect(Set(steps).count == steps.count)
        for sent in book.marketing where book.nurture(sent) != nil {
            #expect(told.contains(sent.mail.id), "\(sent)")
        }
    }
}

/// Returns what enrolments say of the steps that were sent.
enum NurtureSteps {
    /// Returns each step with whom it went to, and the messages.
    static func sent(_ enrollments: [JSON]) -> (steps: [[String]], messages: Set<String>) {
        var steps: [[String]] = [], messages: Set<String> = []
        for enrollment in enrollments {
            for entry in enrollment["history"]?.array ?? [] where entry["result"] == "sent" {
                steps.append([
                    enrollment.text("contact_id"), enrollment.text("sequence_id"), entry.text("step"),
                ])
                messages.insert(entry.text("message_id"))
            }
        }
        return (steps, messages)
    }
}
