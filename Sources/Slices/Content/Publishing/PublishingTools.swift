internal import Agents
internal import Database
internal import Integrations
internal import Jobs
internal import Records

// The tools under which the gate keeps the calls of blogs. Nobody calls them by their names: a piece that a person
// publishes reaches for them.

struct PublishItemTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "publish_content_item"
    let title = "Publish on a blog"
    let summary = "Publishes on a blog a piece of content that was approved."
    let effect = ToolClass.sends
}

struct FindItemTool: ExecutorTool {
    typealias Input = NoToolInput

    static let name = "find_content_item"
    let title = "Look for a piece on a blog"
    let summary = "Asks a blog whether a piece of content stands there whose answer was lost."
    let effect = ToolClass.reads
}

func publishingTools(_ registration: inout JobRegistration) {
    registration.add(PublishItemTool())
    registration.add(FindItemTool())
    registration.questions.addConnectors(of: [PublishItemTool.name, FindItemTool.name]) { reader in
        try Integration.resource.all(
            where: "capability = \(Capability.blogPublishing.rawValue)", suffix: "ORDER BY id",
            in: reader.reading
        ).map(\.id)
    }
}
