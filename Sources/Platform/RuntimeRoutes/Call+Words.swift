package import Agents
package import Database
package import Routing
package import Wording

extension Call {
    /// Returns the words of whoever calls, as `TenantQuestions.words` says.
    package func words(_ questions: TenantQuestions, _ reader: any Queryable) throws -> Wording {
        try questions.words(reader, actor, acceptedLanguages)
    }
}
