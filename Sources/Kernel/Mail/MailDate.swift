internal import CGMime
internal import Telemetry

/// Dates as headers have them (RFC 5322 §3.3).
enum MailDate {
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Tue, 14 Nov 2023 22:13:20 +0000`
    static func text(of instant: Instant) -> String {
        let seconds = instant.seconds
        let date = CivilDate(daysSinceEpoch: Int(seconds.dividedDown(by: 86_400)))
        let time = Int(seconds - seconds.dividedDown(by: 86_400) * 86_400)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = [time / 3600, time / 60 % 60, time % 60].map(two).joined(separator: ":")
        return
            "\(days[date.weekday - 1]), \(two(date.day)) \(months[date.month - 1]) \(date.year) \(clock) +0000"
    }

    /// Reads what senders write, which is not always what they should.
    static func instant(of text: String) -> Instant? {
        _ = GMimeLibrary.shared
        guard let date = unsafe g_mime_utils_header_decode_date(text) else { return nil }
        defer { unsafe g_date_time_unref(date) }
        return unsafe Instant(seconds: Int64(g_date_time_to_unix(date)))
    }
}
