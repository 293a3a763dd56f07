internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Records

// The tools under which the gate keeps calls of marketing services. Nobody calls them by their names: suppressions and
// what services tell reach for them.

struct UnsubscribeThereTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "unsubscribe_there"
    let title = "Unsubscribe at a marketing service"
    let summary = "Takes an address that is suppressed off the list of a marketing service; never adds one."
    let effect = ToolClass.sends
}

struct ReadMarketingListTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_marketing_list"
    let title = "Read a marketing service's list"
    let summary = "Asks a marketing service how an address stands on its list, and who has left it."
    let effect = ToolClass.reads
}

func marketingJobs(_ registration: inout JobRegistration, _ outbox: Outbox) {
    registration.add(NurtureTool(outbox: outbox))
    registration.add(NurtureJob(outbox: outbox))
    registration.add(UnsubscribeThereTool())
    registration.add(ReadMarketingListTool())
    registration.add(MarketingTellJob(outbox))
    registration.add(MarketingPullJob(outbox))
    registration.add(MarketingEvents())
    registration.questions.addConnectors(of: [
        NurtureTool.name, UnsubscribeThereTool.name, ReadMarketingListTool.name,
    ]) {
        reader in
        try reader.reading.integrations.all(for: .marketing).map(\.id)
    }
}
