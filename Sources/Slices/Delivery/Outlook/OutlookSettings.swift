internal import Agents
package import Records

/// An agency's settings for what is expected of its clients, and of its own people.
package struct OutlookSettings: AgentSettings {
    package var hoursPerPerson = 30

    package init() {}

    package static let schema = Schema<OutlookSettings>(
        "OutlookSettings",
        [
            .integer(
                "hours_per_person", \.hoursPerPerson, in: 1...80,
                .about("The hours that one of the agency's people can give to clients in a week."))
        ])
}
