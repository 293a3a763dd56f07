package import Agents
package import Database
package import Nouns
internal import Tenancy

/// The questions that mails of campaigns ask the slices beside them.
package struct MailingDependencies: Asking {
    /// A member of a segment, as somebody to write to.
    package struct Member: Sendable {
        /// `nil`: there is nobody to write to.
        package let contact: ContactID?
        /// Whether the record was put away, as archived leads are.
        package let isPutAway: Bool

        package init(_ contact: ContactID?, isPutAway: Bool) {
            (self.contact, self.isPutAway) = (contact, isPutAway)
        }
    }

    /// Returns some of a segment's members behind a place, the empty one to begin with, and the next place, where more
    /// may follow; `nil` where there is no such segment.
    @ModuleNeed("who is in a segment", for: "email campaigns")
    package var members:
        @Sendable (any Queryable, SegmentID, _ after: String, _ limit: Int) throws -> (
            members: [Member], next: String?
        )?

    package init() {}
}
