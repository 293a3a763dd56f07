/// Follows a reader through the pages of a list, and notices when they lead in circles.
package struct PageTrail: Sendable {
    private var places: Set<String> = []
    private var last: [String] = []

    package init() {}

    /// The number of places that pages were read at, or named.
    package var count: Int { places.count }

    /// Returns whether a place, such as an address or a cursor, was there before.
    package mutating func leadsBack(to place: String) -> Bool { !places.insert(place).inserted }

    /// Returns whether a page has the same entries as the one before, or names a next place that was there before.
    /// A service that does not heed the number of a page gives the same one for ever.
    package mutating func isRepeated(_ entries: [String], next: String?) -> Bool {
        if !entries.isEmpty, entries == last { return true }
        last = entries
        guard let next else { return false }
        return leadsBack(to: next)
    }
}
