internal import Agents
package import Database
internal import JSON
internal import Jobs
package import Records

/// A rule of what the agency tells when, from which the slots of its content calendar follow. One row of
/// `content_calendar_rules`.
package struct CalendarRule: ManagedRecord {
    package enum Scope: String, Choice { case weekly, monthly, seasonal, campaign }

    package var head = Head<CalendarRule>()
    package var scope = Scope.weekly
    package var weekday: Int?
    package var week: Int?
    package var quarter: Int?
    package var month: Int?
    package var type = ContentItem.Kind.educational
    package var theme = ""
    package var audience = Distribution.Audience.all
    package var isEnabled = true

    package init() {}

    package static let idPrefix = "crule", noun = "content_calendar_rule"
    package static let resource = Resource<CalendarRule>(
        "content_calendar_rules", named: "ContentCalendarRule",
        console: ConsoleForm(
            title: "theme", columns: ["scope", "type", "audience", "enabled"],
            form: ["theme", "scope", "weekday", "week", "quarter", "month", "type", "audience", "enabled"],
            filters: ["scope", "type"]),
        [
            .choice(
                "scope", \.scope, .required, .filterable,
                .about("Whether it is for a weekday, a week of the month, a quarter or a named month.")),
            .integer(
                "weekday", \.weekday, in: 1...7,
                .about(
                    "1 is Monday; seasonal and campaign rules take the first such day, or the first working day."
                )),
            .integer(
                "week", \.week, in: 1...5,
                .about("Of monthly rules: week n is the days 7n−6 to 7n, and the slot its first working day.")
            ),
            .integer("quarter", \.quarter, in: 1...4, .about("Of seasonal rules: the quarter.")),
            .integer("month", \.month, in: 1...12, .about("Of campaign rules: the month.")),
            .choice(
                "type", \.type, .required, .filterable, .about("The type of content that fills its slots.")),
            .text(
                "theme", \.theme, max: 200, .required, .line, .searchable,
                .example("Spring growth strategies"),
                .about("The theme of the items.")),
            .choice(
                "audience", \.audience, .standard("all"), .filterable,
                .about("Whether it is for all leads, or for fresh ones only.")),
            .boolean(
                "enabled", \.isEnabled, .standard(true), .filterable, .about("Whether the rule is in force.")),
        ])

    package func prepare(replacing old: CalendarRule?, by actor: Actor, in tx: Transaction) throws {
        var faults = Faults()
        let parts: [(name: String, value: Int?, scopes: [Scope], isNeeded: Bool)] = [
            ("weekday", weekday, [.weekly, .seasonal, .campaign], scope == .weekly),
            ("week", week, [.monthly], true), ("quarter", quarter, [.seasonal], true),
            ("month", month, [.campaign], true),
        ]
        for part in parts {
            let isOwn = part.scopes.contains(scope)
            if isOwn, part.isNeeded, part.value == nil {
                faults.add(
                    "/\(part.name)", "required", "\(part.name) is required for a \(scope.rawValue) rule.")
            } else if !isOwn, part.value != nil {
                faults.add(
                    "/\(part.name)", "conflict", "A \(scope.rawValue) rule has no \(part.name): leave it out."
                )
            }
        }
        try faults.throwIfAny()
    }
}

/// Set once an agency has been given the rules; what it takes off does not come back.
let calendarSeeded = "content_calendar.seeded"

/// A rule of a new agency.
private struct StandardRule {
    let scope: CalendarRule.Scope
    /// The weekday, week, quarter or month.
    let number: Int
    let type: ContentItem.Kind
    let theme: String
}

private let standardRules = [
    StandardRule(scope: .weekly, number: 1, type: .educational, theme: "Educational tips"),
    StandardRule(scope: .weekly, number: 3, type: .caseStudy, theme: "Case studies"),
    StandardRule(scope: .weekly, number: 5, type: .productLaunch, theme: "Product updates"),
    StandardRule(scope: .monthly, number: 1, type: .companyNews, theme: "Company news"),
    StandardRule(scope: .monthly, number: 2, type: .industryInsights, theme: "Industry insights and trends"),
    StandardRule(scope: .monthly, number: 3, type: .caseStudy, theme: "Customer success stories"),
    StandardRule(scope: .monthly, number: 4, type: .educational, theme: "Educational tips"),
    StandardRule(scope: .seasonal, number: 1, type: .educational, theme: "New Year business planning"),
    StandardRule(scope: .seasonal, number: 2, type: .educational, theme: "Spring growth strategies"),
    StandardRule(scope: .seasonal, number: 3, type: .educational, theme: "Summer efficiency optimisation"),
    StandardRule(scope: .seasonal, number: 4, type: .educational, theme: "Holiday-season automation"),
    StandardRule(
        scope: .campaign, number: 1, type: .productLaunch, theme: "New Year, New Automation Goals"),
    StandardRule(
        scope: .campaign, number: 3, type: .productLaunch, theme: "Spring Cleaning Your Business Processes"),
    StandardRule(
        scope: .campaign, number: 7, type: .productLaunch,
        theme: "Summer Efficiency – Automate While You Vacation"),
    StandardRule(
        scope: .campaign, number: 11, type: .productLaunch, theme: "Black Friday Special – Automation Deals"),
]

extension CalendarRule {
    /// Returns whether a theme is one that every new agency has.
    static func isStandard(_ theme: String) -> Bool { standardRules.contains { $0.theme == theme } }
}

/// Gives a new agency the rules of the calendar.
@Sendable func seedCalendar(_ tx: Transaction) throws {
    guard try tx.counters.find(calendarSeeded) == 0 else { return }
    try tx.counters.count(calendarSeeded, 1)
    for standard in standardRules {
        var rule = CalendarRule.new(id: tx.nextID(), now: tx.now)
        (rule.scope, rule.type, rule.theme) = (standard.scope, standard.type, standard.theme)
        switch standard.scope {
        case .weekly: (rule.weekday, rule.audience) = (standard.number, .fresh)
        case .monthly: rule.week = standard.number
        case .seasonal: (rule.quarter, rule.weekday) = (standard.number, 2)
        case .campaign: (rule.month, rule.weekday) = (standard.number, 4)
        }
        try tx.create(&rule, by: .system)
    }
}
