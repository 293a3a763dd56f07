internal import CIcal
internal import Glibc
internal import Records
package import Telemetry

extension CalendarInvitation {
    /// The meeting as iCalendar (RFC 5545) with the method of RFC 5546: lines end with CRLF and are folded at 75
    /// bytes, times are in UTC. `moment` is when this version was made.
    package func written(at moment: Instant) -> [UInt8] {
        let calendar = unsafe icalcomponent_new(ICAL_VCALENDAR_COMPONENT)
        defer { unsafe icalcomponent_free(calendar) }
        unsafe icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Bureau//Bureau//EN"))
        unsafe icalcomponent_add_property(calendar, icalproperty_new_version("2.0"))
        unsafe icalcomponent_add_property(calendar, icalproperty_new_calscale("GREGORIAN"))
        let kind = method == .request ? ICAL_METHOD_REQUEST : ICAL_METHOD_CANCEL
        unsafe icalcomponent_add_property(calendar, icalproperty_new_method(kind))
        let event = unsafe icalcomponent_new(ICAL_VEVENT_COMPONENT)
        // The calendar owns it from here on.
        unsafe icalcomponent_add_component(calendar, event)
        func add(_ property: OpaquePointer?) { unsafe icalcomponent_add_property(event, property) }

        unsafe add(icalproperty_new_uid(line(uid)))
        unsafe add(icalproperty_new_dtstamp(time(moment)))
        unsafe add(icalproperty_new_dtstart(time(start)))
        unsafe add(icalproperty_new_dtend(time(max(start, end))))
        unsafe add(icalproperty_new_sequence(Int32(clamping: sequence)))
        unsafe add(icalproperty_new_summary(line(summary)))
        if let about { unsafe add(icalproperty_new_description(text(about))) }
        if let location { unsafe add(icalproperty_new_location(line(location))) }
        unsafe add(
            icalproperty_new_status(method == .cancel ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED))
        let host = unsafe icalproperty_new_organizer("mailto:" + organizer.wireAddress)
        unsafe addName(organizer, to: host)
        unsafe add(host)
        for attendee in attendees {
            let guest = unsafe icalproperty_new_attendee("mailto:" + attendee.wireAddress)
            unsafe icalproperty_add_parameter(guest, icalparameter_new_cutype(ICAL_CUTYPE_INDIVIDUAL))
            unsafe icalproperty_add_parameter(guest, icalparameter_new_role(ICAL_ROLE_REQPARTICIPANT))
            unsafe icalproperty_add_parameter(guest, icalparameter_new_partstat(ICAL_PARTSTAT_NEEDSACTION))
            unsafe icalproperty_add_parameter(guest, icalparameter_new_rsvp(ICAL_RSVP_TRUE))
            unsafe addName(attendee, to: guest)
            unsafe add(guest)
        }
        guard let text = unsafe icalcomponent_as_ical_string_r(calendar) else { return [] }
        defer { unsafe free(text) }
        return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    private func addName(_ mailbox: Mailbox, to property: OpaquePointer?) {
        guard let name = mailbox.name?.description, !name.isEmpty else { return }
        // A quotation mark cannot stand in a parameter at all.
        unsafe icalproperty_add_parameter(property, icalparameter_new_cn(name.replacing("\"", with: "'")))
    }

    private func time(_ instant: Instant) -> icaltimetype {
        unsafe icaltime_from_timet_with_zone(Int(instant.seconds), 0, icaltimezone_get_utc_timezone())
    }

    /// One line, of characters that may stand in a calendar.
    private func line(_ text: String) -> String { HeaderText(cleaning: text).description }

    /// Control characters are forbidden; the library escapes line ends, but knows only one, and tabs in a way that no
    /// other program reads.
    private func text(_ text: String) -> String {
        let lines = text.replacing("\r\n", with: "\n").unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.value {
            case 0x0D, 0x85, 0x2028, 0x2029: "\n"
            case 0x09: " "
            default: scalar
            }
        }
        return TextRule.printable(String(String.UnicodeScalarView(lines)))
    }
}
