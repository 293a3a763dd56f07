import Foundation
import JSON
import Testing

/// The records at the end of a year of keeping in touch: messages with what led to them, and whom they went
/// to.
struct NurtureBook {
    struct Sent: CustomStringConvertible {
        let mail: JSON
        let person: Acquaintance?
        let at: Date

        var contact: String { mail.text("contact_id") }
        var cause: (type: String, id: String) {
            (mail["cause"]?.text("type") ?? "", mail["cause"]?.id ?? "")
        }
        /// Clients are where the agency is, as far as anybody knows.
        var zone: TimeZone { person?.zone ?? NurtureStory.home }
        var hour: Int { calendar(zone).component(.hour, from: at) }
        /// The day of the agency's calendar.
        var day: Int {
            let offset = Double(NurtureStory.home.secondsFromGMT(for: at))
            return Int((at.timeIntervalSince1970 + offset) / 86_400)
        }

        var description: String {
            let who = person.map { "\($0.number) (\($0.manner), \($0.place.zone))" } ?? "a client"
            return "\(at.iso) to \(who): \(cause.type) \(mail.text("topic")) “\(mail.text("subject"))”"
        }
    }

    let story: NurtureStory
    let outbound: [JSON]
    let sent: [Sent]
    let enrollments: [String: JSON], sequences: [String: JSON], decisions: [String: JSON]
    /// Items by their distributions.
    let items: [String: String]
    let heldOut: Set<String>

    init(_ story: NurtureStory) throws {
        let owner = story.box.owner
        func all(_ path: String) throws -> [String: JSON] {
            Dictionary(uniqueKeysWithValues: try owner.every(path).map { ($0.id, $0) })
        }
        self.story = story
        outbound = try owner.every("/v1/messages?direction=outbound")
        sent = try outbound.filter { !$0.text("sent_at").isEmpty }.map { mail in
            Sent(
                mail: mail, person: story.byContact[mail.text("contact_id")].map { story.people[$0] },
                at: try Date(iso: mail.text("sent_at")))
        }.sorted { ($0.at, $0.mail.id) < ($1.at, $1.mail.id) }
        enrollments = try all("/v1/enrollments")
        sequences = try all("/v1/sequences")
        decisions = try all("/v1/decisions?agent=lead_nurturing")
        items = try all("/v1/distributions").mapValues { $0.text("content_item_id") }
        heldOut = Set(try owner.every("/v1/contacts?held_out=true").map(\.id))
    }

    var marketing: [Sent] { sent.filter { $0.mail.text("purpose") == "marketing" } }

    /// The enrolment in a sequence that keeps in touch, of which a message is a step.
    func nurture(_ sent: Sent) -> JSON? {
        guard sent.cause.type == "enrollment", let enrollment = enrollments[sent.cause.id],
            sequences[enrollment.text("sequence_id")]?.text("kind") == "nurture"
        else { return nil }
        return enrollment
    }

    /// Returns whether the caps of what keeps in touch bind it: the welcome has days of its own.
    func isCapped(_ sent: Sent) -> Bool {
        sent.cause.type == "distribution" || nurture(sent).map { $0.text("counted_from").isEmpty } ?? false
    }
}
