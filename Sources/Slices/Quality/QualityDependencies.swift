package import Agents
package import Database
package import Documents
internal import Tenancy

/// The questions that data quality asks the modules whose records it judges.
package struct QualityDependencies: Asking {
    /// Keeps the scores of records with them, where their resource shows one.
    @ModuleNeed("keeping scores with records", for: "data quality")
    package var keepScores: @Sendable (Transaction, _ type: String, [(id: String, score: Int)]) throws -> Void
    /// Lets records be judged anew by whoever scores them: other fields of theirs are to be trusted now.
    @ModuleNeed("scoring records anew", for: "data quality")
    package var scoreAgain: @Sendable (Transaction, _ type: String, [String]) throws -> Void
    /// Compares the records that have changed since they were last looked at for duplicates.
    @ModuleNeed("comparing records for duplicates", for: "data quality")
    package var compareRecords: @Sendable (Database, TenantID) async throws -> Void
    /// Merges the surest pair of leads, if it is sure enough; answers by which id that can be undone.
    @ModuleNeed("merging the surest duplicates", for: "data quality")
    package var mergeSurest: @Sendable (Transaction, _ least: Double) throws -> String?
    /// Returns the look of the agency's documents.
    @ModuleNeed("how the agency's documents look", for: "reports on data")
    package var brand: @Sendable (any Queryable) throws -> Documents.Brand
    /// Sets a document, when its turn comes.
    @ModuleNeed("setting a document", for: "reports on data")
    package var set: @Sendable (Document) async throws -> [UInt8]

    package init() {}
}
