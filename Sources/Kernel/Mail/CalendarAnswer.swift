internal import CIcal

/// The answer of an invited person's calendar to an invitation (RFC 5546 §3.2.3).
package struct CalendarAnswer: Sendable, Equatable {
    package enum Answer: String, Sendable {
        case accepted = "ACCEPTED"
        case declined = "DECLINED"
        case tentative = "TENTATIVE"
        case delegated = "DELEGATED"
        /// Another time is proposed.
        case countered = "COUNTER"
    }

    package var answer: Answer
    /// The UID of the meeting, as the invitation named it.
    package var uid: String
    /// The sequence number of the invitation that is answered.
    package var sequence: Int
    /// The address of whoever answers.
    package var attendee: String?
    package var comment: String?

    private static let sizeMax = 256 << 10

    /// `nil` for a calendar that answers nothing.
    init?(_ bytes: [UInt8]) {
        guard bytes.count <= Self.sizeMax else { return nil }
        let text = CharacterSets.text(bytes[...], charset: nil)
        guard text.contains("METHOD"), !text.utf8.contains(0),
            let calendar = unsafe icalparser_parse_string(text)
        else { return nil }
        defer { unsafe icalcomponent_free(calendar) }
        let method = unsafe icalcomponent_get_method(calendar)
        guard method == ICAL_METHOD_REPLY || method == ICAL_METHOD_COUNTER,
            let event = unsafe icalcomponent_get_first_component(calendar, ICAL_VEVENT_COMPONENT),
            let uid = unsafe String(borrowing: icalcomponent_get_uid(event)), !uid.isEmpty
        else { return nil }
        self.uid = uid
        sequence = unsafe Int(icalcomponent_get_sequence(event))
        comment = unsafe String(borrowing: icalcomponent_get_comment(event))
        var found: Answer? = method == ICAL_METHOD_COUNTER ? .countered : nil
        if let guest = unsafe icalcomponent_get_first_property(event, ICAL_ATTENDEE_PROPERTY) {
            attendee = unsafe String(borrowing: icalproperty_get_attendee(guest)).map { address in
                address.lowercased().hasPrefix("mailto:") ? String(address.dropFirst(7)) : address
            }
            let status = unsafe String(borrowing: icalproperty_get_parameter_as_string(guest, "PARTSTAT"))
            found = found ?? status.flatMap { Answer(rawValue: $0.uppercased()) }
        }
        guard let found else { return nil }
        answer = found
    }
}
