import Foundation
import JSON
import Testing

/// The records at the end of a story: mails with whom they went to, and when.
struct SellingBook {
    struct Sent: CustomStringConvertible {
        let mail: JSON
        let person: Prospect?
        let at: Date

        var cause: String { mail["cause"]?.text("type") ?? "" }
        var isMarketing: Bool { mail.text("purpose") == "marketing" }
        /// Of a proposal or a question that they have not answered, or of an invoice that they have not paid.
        var isReminder: Bool {
            ["follow_up:", "invoice_reminder:"].contains { mail.text("topic").hasPrefix($0) }
        }
        /// Nobody has done anything to get it.
        var isUnasked: Bool { isMarketing || isReminder }

        var description: String {
            let who =
                person.map { "\($0.number) (\($0.manner), \($0.end), \($0.place.zone))" } ?? "a stranger"
            let author = mail["author"]?.id ?? ""
            return "\(at.iso) to \(who): \(cause) \(mail.text("topic")) by \(author): \(mail.text("why"))"
        }

        func hour(in zone: TimeZone) -> Int { calendar(zone).component(.hour, from: at) }
        func isWeekend(in zone: TimeZone) -> Bool { calendar(zone).isDateInWeekend(at) }
        func day(in zone: TimeZone) -> String { at.day(in: zone) }
    }

    let story: SellingStory
    let outbound: [JSON]
    let sent: [Sent]

    init(_ story: SellingStory) throws {
        self.story = story
        outbound = try story.box.owner.every("/v1/messages?direction=outbound")
        sent = try outbound.filter { !$0.text("sent_at").isEmpty }.map { mail in
            Sent(
                mail: mail, person: story.byContact[mail.text("contact_id")].map { story.people[$0] },
                at: try Date(iso: mail.text("sent_at")))
        }.sorted { $0.at < $1.at }
    }
}

func calendar(_ zone: TimeZone) -> Calendar {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = zone
    return calendar
}

extension Date {
    /// As `2027-01-31`.
    func day(in zone: TimeZone) -> String {
        let parts = calendar(zone).dateComponents([.year, .month, .day], from: self)
        func digits(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return "\(parts.year ?? 0)-\(digits(parts.month))-\(digits(parts.day))"
    }
}
