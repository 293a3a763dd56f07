/// The number of leads that an integration has reached, and their worth.
package struct ReachedLeads: Sendable {
    package let all: Int, qualified: Int, won: Int
    /// The average of their scores; `nil`: none of them has one.
    package let score: Double?

    package init(all: Int = 0, qualified: Int = 0, won: Int = 0, score: Double? = nil) {
        (self.all, self.qualified, self.won, self.score) = (all, qualified, won, score)
    }
}
