internal import Agents
internal import Database
internal import JSON
internal import Jobs
internal import Records

/// The figures that finding leads is to reach: those of the settings of lead generation.
struct SourceTargets {
    let leadsPerDay: Int, activeSources: Int
    /// A share.
    let accuracy: Double

    init(in reader: some Queryable) throws {
        let agent = LeadGenerationAgent()
        let settings = agent.settings(from: try reader.agentConfigurations.published(agent).values).settings
        (leadsPerDay, activeSources) = (settings.targetLeadsPerDay, settings.targetActiveSources)
        accuracy = Double(settings.targetAccuracyPercent) / 100
    }

    var json: JSON {
        [
            "leads_per_day": JSON(leadsPerDay), "accuracy": .number(accuracy),
            "active_sources": JSON(activeSources),
        ]
    }

    /// Returns the figures that are below their target; what is not known is not below it.
    func missed(
        leadsPerDay found: Double? = nil, accuracy told: Double?, activeSources active: Int? = nil
    ) -> JSON {
        var missed: [String] = []
        if let found, found < Double(leadsPerDay) { missed.append("leads_per_day") }
        if let told, told < accuracy { missed.append("accuracy") }
        if let active, active < activeSources { missed.append("active_sources") }
        return JSON(missed)
    }

    /// The figures that may be below their target.
    static let missable: JSON = ["leads_per_day", "accuracy", "active_sources"]

    static let schema: JSON = .record([
        "leads_per_day": ["type": "integer", "description": "How many leads a day are wanted."],
        "accuracy": ["type": "number", "description": "The share of told values that is to be right."],
        "active_sources": ["type": "integer", "description": "How many sources are to be active."],
    ])
}
