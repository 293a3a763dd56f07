internal import Agents

// The tools that reach into services of messages without sending. Nobody calls them by their names: the work that
// needs them reaches for them.

struct ReadMailboxTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_mailbox"
    let title = "Read a mailbox"
    let summary =
        "Looks into mailboxes for what is new, and fetches mails that a service keeps for the agency."
    let effect = ToolClass.reads
}

struct FetchFileTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "fetch_file"
    let title = "Fetch a file"
    let summary = "Fetches a file that came with a short message from the service that keeps it."
    let effect = ToolClass.reads
}

struct LookUpMessageTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "look_up_message"
    let title = "Look a message up"
    let summary = "Asks a service whether it has taken a mail whose sending was cut off."
    let effect = ToolClass.reads
}

struct ShowTypingTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "show_typing"
    let title = "Show that somebody types"
    let summary = "Shows in a service's chat that an answer is being written."
    let effect = ToolClass.sends
    let takesQuota = false
}
