internal import Database
internal import JSON

/// Keeps content with errors from those who review it.
enum QualityGate {
    /// Returns the errors of an item, each as it is told: those that nobody let pass. No word's spelling is one.
    static func errors(of item: ContentItem, in tx: Transaction) throws -> [JSON] {
        QualityReport(try tx.contentQuality.input(for: item, withSpelling: false)).errors.map(\.json)
    }
}
