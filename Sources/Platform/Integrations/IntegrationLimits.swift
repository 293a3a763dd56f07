package import Agents
package import Records

/// The numbers of calls that an integration may have, by windows of the tenant's clock; `nil` is without limit.
package struct IntegrationLimits: Part {
    package var minute: Int?, hour: Int?, day: Int?, month: Int?

    package init() {}

    private static let range: ClosedRange<Int64> = 1...1_000_000_000

    package static let schema = Schema<IntegrationLimits>(
        "IntegrationLimits",
        [
            .integer("minute", \.minute, in: range, .about("The most calls a minute; null: no limit.")),
            .integer("hour", \.hour, in: range, .about("The most calls an hour; null: no limit.")),
            .integer("day", \.day, in: range, .about("The most calls a day; null: no limit.")),
            .integer("month", \.month, in: range, .about("The most calls a month; null: no limit.")),
        ])

    package static var absent: IntegrationLimits? { IntegrationLimits() }
    package var isAbsent: Bool { self == IntegrationLimits() }
}

extension Integration {
    /// The agency's limits and its plan's, as the gate counts them.
    package var toolLimits: ToolLimits {
        ToolLimits(
            minute: limits.minute, hour: limits.hour, day: limits.day,
            month: [limits.month, plan?.limit].compactMap(\.self).min())
    }
}
