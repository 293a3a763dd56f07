internal import Agents
internal import JSON
internal import Records

/// The amount of a campaign's budget that an agent may move between its channels by itself. Beyond it, people
/// are asked.
struct BudgetLimits: Part, AgentSettings {
    var shiftPerDay = 0.1
    var shiftMin = 0.02
    var channelMax = 0.8
    var resultsMin = 10
    var method = BudgetAllocation.Method.proportional

    static let schema = Schema<BudgetLimits>(
        "BudgetLimits",
        [
            .number(
                "shift_per_day", \.shiftPerDay, in: 0...1, .standard(0.1),
                .about(
                    "The share of a campaign's budget that agents move between channels in a day without asking."
                )
            ),
            .number(
                "shift_min", \.shiftMin, in: 0...1, .standard(0.02),
                .about("The share of the budget that is worth moving: less stays where it is.")),
            .number(
                "channel_max", \.channelMax, in: 0...1, .standard(0.8),
                .about("The share of the budget that one channel gets at most without asking.")),
            .integer(
                "results_min", \.resultsMin, in: 0...1_000_000, .standard(10),
                .about("How many results a campaign must have brought before budgets follow them.")),
            .choice(
                "method", \.method, .standard("proportional"),
                .about(
                    "Whether money goes in proportion to return, or by how likely each channel is the best.")),
        ])
}
