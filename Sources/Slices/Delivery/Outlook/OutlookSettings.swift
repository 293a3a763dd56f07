internal import Agents
package import Records

/// An agency's settings for what is expected of its clients, and of its own people.
package struct OutlookSettings: AgentSettings {
    package var hoursPerPerson = 30
    package var churnAtRisk = 50

    package init() {}

    package static let schema = Schema<OutlookSettings>(
        "OutlookSettings",
        [
            .integer(
                "hours_per_person", \.hoursPerPerson, in: 1...80,
                .about("The hours that one of the agency's people can give to clients in a week.")),
            .integer(
                "churn_at_risk_percent", \.churnAtRisk, in: 10...95,
                .about(
                    "The likelihood of leaving within a year, in percent, from which a client counts as at risk."
                )),
        ])
}
