internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Nouns
internal import Records

// The tools under which the gate keeps calls of services at which contracts are signed. Nobody calls them by their
// names: a contract that is sent or withdrawn reaches for them, and so does what a service has told.

struct RequestSignatureTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "request_signature"
    let title = "Request a signature"
    let summary = "Has a signature service ask for the signature of a contract that a person sends."
    let effect = ToolClass.sends
}

struct VoidSignatureTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "void_signature"
    let title = "Take back a request for a signature"
    let summary = "Takes back at its service a contract that was withdrawn, so that nobody signs it."
    let effect = ToolClass.sends
}

struct RemindSignatureTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "remind_signature"
    let title = "Remind of a signature"
    let summary = "Has a signature service remind whoever is to sign a contract."
    let effect = ToolClass.sends
}

struct ReadSignatureTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "read_signature"
    let title = "Ask how a signature stands"
    let summary = "Asks a signature service how a contract stands, and fetches the signed paper."
    let effect = ToolClass.reads
}

func signatureTools(_ registration: inout JobRegistration) {
    registration.add(RequestSignatureTool())
    registration.add(VoidSignatureTool())
    registration.add(RemindSignatureTool())
    registration.add(ReadSignatureTool())
    let tools = [
        RequestSignatureTool.name, VoidSignatureTool.name, RemindSignatureTool.name, ReadSignatureTool.name,
    ]
    registration.questions.addConnectors(of: tools) { reader in
        try reader.reading.integrations.all(for: .signatures).map(\.id)
    }
}
