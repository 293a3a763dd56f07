internal import JSON
package import Records
package import Telemetry

/// A figure by which a campaign is judged.
package struct CampaignKPI: Part {
    package var metric = ""
    package var target: Double?
    package var direction: Direction?

    package enum Direction: String, Choice {
        case atLeast = "at_least"
        case atMost = "at_most"
    }

    package init() {}

    package static let schema = Schema<CampaignKPI>(
        "CampaignKPI",
        [
            .text("metric", \.metric, max: 161, .required, .example("google_ads.conversions")),
            .number(
                "target", \.target, in: -1e15...1e15, .example(200),
                .about("The target value; null: nobody has set it yet.")),
            .choice(
                "direction", \.direction,
                .about(
                    "Whether the figure is to reach its target, or to stay below; null: costs, and what bounces, unsubscribes or complains, are to stay below."
                )),
        ])

    /// The beginnings of words for what nobody wants more of.
    private static let unwanted = ["bounce", "unsubscri", "complain", "churn", "refund"]

    /// Whether the figure is to stay below its target.
    var isCeiling: Bool {
        if let direction { return direction == .atMost }
        let name = metric.lowercased()
        return CampaignTelling.isCost(metric) || Self.unwanted.contains { name.contains($0) }
    }
}

/// A channel of a campaign.
package struct CampaignChannel: Part {
    package var channel = ""
    package var budget: Money?
    package var minShare: Double?

    package init() {}

    package static let schema = Schema<CampaignChannel>(
        "CampaignChannel",
        [
            .text("channel", \.channel, max: 80, .required, .line, .example("google_ads")),
            .money("budget", \.budget, .about("The budget of the channel.")),
            .number(
                "min_share", \.minShare, in: 0...1, .example(0.05),
                .about("The share of the budget that it gets at least.")),
        ])
}

/// A day of a campaign that is told when it comes.
package struct CampaignMilestone: Part {
    package var name = ""
    package var dueOn = CivilDate(year: 1970, month: 1, day: 1)

    package init() {}

    package static let schema = Schema<CampaignMilestone>(
        "CampaignMilestone",
        [
            .text("name", \.name, max: 200, .required, .line, .example("Half of the leads")),
            .date(
                "due_on", \.dueOn, .required, .example("2030-01-31"), .about("The day on which it is due.")),
        ])
}

/// An action taken once, when a figure of a campaign crosses a line.
package struct CampaignTrigger: Part {
    package enum Comparison: String, Choice {
        case gt, gte, lt, lte

        func holds(_ value: Double, _ line: Double) -> Bool {
            switch self {
            case .gt: value > line
            case .gte: value >= line
            case .lt: value < line
            case .lte: value <= line
            }
        }
    }
    package enum Action: String, Choice { case notify, pause }

    package var metric = ""
    package var comparison = Comparison.gt
    package var value = 0.0
    package var action = Action.notify

    package init() {}

    package static let schema = Schema<CampaignTrigger>(
        "CampaignTrigger",
        [
            .text(
                "metric", \.metric, max: 161, .required, .example("google_ads.cost_per_lead"),
                .about("The source and the metric of /v1/metrics, with a dot between them.")),
            .choice("op", \.comparison, .required, .about("How the figure stands to the value.")),
            .number("value", \.value, in: -1e15...1e15, .required, .example(50)),
            .choice(
                "action", \.action, .required, .about("Whether the campaign is paused, or only told of.")),
        ])

    /// Where its figures come from, and what they are called there; `nil`: `metric` names none.
    var figure: (source: String, name: String)? {
        let parts = metric.split(separator: ".", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }
}
