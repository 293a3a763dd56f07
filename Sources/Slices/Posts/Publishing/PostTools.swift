internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Records

// The tools under which the gate keeps the calls of networks. Nobody calls them by their names: a post whose hour has
// come reaches for them.

struct PublishPostTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "publish_social_post"
    let title = "Publish a post"
    let summary = "Publishes at a social network a post whose hour has come."
    let effect = ToolClass.sends
}

struct FindPostTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "find_social_post"
    let title = "Look for a post"
    let summary = "Asks a social network whether a post stands there whose answer was lost."
    let effect = ToolClass.reads
}

func postTools(_ registration: inout JobRegistration) {
    registration.add(PublishPostTool())
    registration.add(FindPostTool())
    registration.add(ReadFiguresTool())
    registration.add(ReadTrendsTool())
    registration.add(ReadSpacesTool())
    registration.add(ChangePostTool())
    registration.add(RemovePostTool())
    registration.add(TryFilmTool())
    registration.add(ReadProductsTool())
    registration.add(TagProductsTool())
    registration.questions.addConnectors(
        of: [
            PublishPostTool.name, FindPostTool.name, ReadFiguresTool.name, ChangePostTool.name,
            RemovePostTool.name, ReadTrendsTool.name, ReadSpacesTool.name, ReadProductsTool.name,
            TagProductsTool.name,
        ]
    ) { reader in
        try reader.reading.socialAccounts.integrations()
    }
}
