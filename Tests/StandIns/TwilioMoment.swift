import Foundation

/// Moments as Twilio writes them (RFC 2822).
enum TwilioMoment {
    static var now: String { text(of: Date.now) }

    static func text(of date: Date) -> String {
        let calendar = Calendar(identifier: .gregorian), zone = TimeZone(secondsFromGMT: 0) ?? .gmt
        let parts = calendar.dateComponents(in: zone, from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        let clock = [parts.hour, parts.minute, parts.second].map(two).joined(separator: ":")
        return
            "\(days[(parts.weekday ?? 1) - 1]), \(two(parts.day)) \(months[(parts.month ?? 1) - 1]) \(parts.year ?? 0) \(clock) +0000"
    }
}
