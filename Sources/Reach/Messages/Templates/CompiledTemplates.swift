internal import Synchronization
internal import Templates

/// Templates that were compiled, by their source: a campaign has the same one written out thousands of times.
final class CompiledTemplates: Sendable {
    static let shared = CompiledTemplates()
    private static let keptMax = 200

    private let kept = Mutex<[String: Template]>([:])

    func template(_ source: String) throws(TemplateFaults) -> Template {
        if let known = kept.withLock({ $0[source] }) { return known }
        let template = try Template.compile(source: source, names: TemplateValues.names)
        kept.withLock { kept in
            if kept.count >= Self.keptMax { kept = [:] }
            kept[source] = template
        }
        return template
    }
}
