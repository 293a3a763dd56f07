package import Agents
package import Database

/// The modules of the product, put together: each one's needs are met by another one.
package struct Composition: Sendable {
    package let modules: [Module]
    /// The permissions that the modules declare.
    package let permissions: PermissionCatalog
    private let given: [ModuleAnswer]

    /// Throws `UnmetNeeds` where a module asks what no module answers. `between`: answers between modules that do not
    /// see each other.
    package init(_ modules: [Module], between: [ModuleAnswer] = []) throws(UnmetNeeds) {
        self.modules = modules
        permissions = PermissionCatalog(modules.flatMap(\.permissions))
        let names = Set(modules.map(\.name))
        given =
            modules.flatMap(\.answers)
            + between.filter { answer in answer.speaker.map { names.contains($0) } ?? true }
        var unmet: [String] = []
        for module in modules {
            for questions in module.asks {
                let needs = NeedList()
                _ = Need.$asked.withValue(needs) { answered(questions) }
                unmet += needs.unmet.map { "\(module.name) needs \($0.name), for \($0.purpose)" }
            }
        }
        guard unmet.isEmpty else { throw UnmetNeeds(unmet) }
    }

    /// Returns the questions with the answers that the modules give to them.
    package func answers<Questions: Asking>(_ questions: Questions.Type = Questions.self) -> Questions {
        answered(questions) as? Questions ?? Questions()
    }

    private func answered(_ questions: any Asking.Type) -> any Asking {
        var asking: any Asking = questions.init()
        for answer in given { answer.give(&asking) }
        return asking
    }

    /// Returns the elements that the modules add to a list, in the modules' order.
    package func offers<Element: Sendable>(
        of element: Element.Type, _ parts: ModuleParts
    ) throws -> [Element] {
        try modules.flatMap(\.offers).flatMap { try $0.elements(element, parts) }
    }

    package var migrations: [Migration] { modules.flatMap(\.migrations) }
}
