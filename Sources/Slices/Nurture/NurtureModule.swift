internal import Agents
internal import People
internal import Records
package import Tenancy

extension Module {
    /// How the agency keeps in touch with those who are not clients yet.
    package static let nurture = Module(
        "nurture",
        agents: { _ in
            [
                StandbyAgent(
                    EngagementWeights.agent, "Lead nurturing", "Stays in touch with leads over months.",
                    settings: NurtureSettings.self,
                    permissions: ["leads:read", "companies:read", "contacts:read"], initiative: .writesFirst)
            ]
        })
}
