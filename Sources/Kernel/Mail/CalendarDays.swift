internal import CIcal
internal import Glibc
internal import Records
package import Telemetry

/// A day of a calendar that others read, or a moment of it.
package struct CalendarDay: Sendable {
    /// The name of the entry, the same however often it is read.
    package let uid: String
    package let date: CivilDate
    package let summary: String
    package let about: String?
    /// The time at which it begins; `nil`: it is of the whole day.
    package let at: Instant?

    /// The length that programs show of an entry that is a moment.
    private static let shown: Int64 = 30 * 60

    package init(uid: String, date: CivilDate, summary: String, about: String?, at: Instant? = nil) {
        (self.uid, self.date, self.summary, self.about, self.at) = (uid, date, summary, about, at)
    }

    /// Returns the days as iCalendar (RFC 5545), which programs subscribe to: an event for each, without times unless
    /// it has a moment. `moment` is when it is read.
    package static func written(_ days: [CalendarDay], named name: String, at moment: Instant) -> [UInt8] {
        let calendar = unsafe icalcomponent_new(ICAL_VCALENDAR_COMPONENT)
        defer { unsafe icalcomponent_free(calendar) }
        unsafe icalcomponent_add_property(calendar, icalproperty_new_prodid("-//Bureau//Bureau//EN"))
        unsafe icalcomponent_add_property(calendar, icalproperty_new_version("2.0"))
        unsafe icalcomponent_add_property(calendar, icalproperty_new_calscale("GREGORIAN"))
        unsafe icalcomponent_add_property(calendar, icalproperty_new_method(ICAL_METHOD_PUBLISH))
        let title = unsafe icalproperty_new_x(line(name))
        unsafe icalproperty_set_x_name(title, "X-WR-CALNAME")
        unsafe icalcomponent_add_property(calendar, title)
        let stamp = unsafe time(moment.seconds)
        for day in days {
            let event = unsafe icalcomponent_new(ICAL_VEVENT_COMPONENT)
            // The calendar owns it from here on.
            unsafe icalcomponent_add_component(calendar, event)
            func add(_ property: OpaquePointer?) { unsafe icalcomponent_add_property(event, property) }

            unsafe add(icalproperty_new_uid(line(day.uid)))
            unsafe add(icalproperty_new_dtstamp(stamp))
            if let at = day.at {
                unsafe add(icalproperty_new_dtstart(time(at.seconds)))
                unsafe add(icalproperty_new_dtend(time(at.seconds + Self.shown)))
            } else {
                unsafe add(icalproperty_new_dtstart(time(day.date)))
                unsafe add(
                    icalproperty_new_dtend(time(CivilDate(daysSinceEpoch: day.date.daysSinceEpoch + 1))))
            }
            unsafe add(icalproperty_new_summary(line(day.summary)))
            if let about = day.about { unsafe add(icalproperty_new_description(TextRule.printable(about))) }
            unsafe add(icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT))
        }
        guard let text = unsafe icalcomponent_as_ical_string_r(calendar) else { return [] }
        defer { unsafe free(text) }
        return unsafe Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// A moment, by the seconds since 1970.
    private static func time(_ seconds: Int64) -> icaltimetype {
        unsafe icaltime_from_timet_with_zone(Int(seconds), 0, icaltimezone_get_utc_timezone())
    }

    /// A day without a time.
    private static func time(_ date: CivilDate) -> icaltimetype {
        var time = unsafe icaltime_null_date()
        unsafe (time.year, time.month, time.day) = (Int32(date.year), Int32(date.month), Int32(date.day))
        return unsafe time
    }

    /// One line, of characters that may stand in a calendar.
    private static func line(_ text: String) -> String { HeaderText(cleaning: text).description }
}
