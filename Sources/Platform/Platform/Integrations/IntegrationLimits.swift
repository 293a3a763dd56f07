package import Records
package import Runtime

/// How often an integration may be called, by windows of the tenant's clock; `nil` is without limit.
package struct IntegrationLimits: Part {
    package var minute: Int?, hour: Int?, day: Int?, month: Int?

    package init() {}

    private static let range: ClosedRange<Int64> = 1...1_000_000_000

    package static let schema = Schema<IntegrationLimits>(
        "IntegrationLimits",
        [
            .integer("minute", \.minute, in: range, .about("In a minute; null: as often as is asked.")),
            .integer("hour", \.hour, in: range, .about("In an hour; null: as often as is asked.")),
            .integer("day", \.day, in: range, .about("In a day; null: as often as is asked.")),
            .integer("month", \.month, in: range, .about("In a month; null: as often as is asked.")),
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
