package import Agents
package import Database
package import Nouns
package import Telemetry
internal import Tenancy

/// The questions that the calendar asks the slices whose plans it shows.
package struct CalendarDependencies: Asking {
    /// Returns the posts of some days, in any order: at most `entriesMax` that are to come, and so many that stand.
    @ModuleNeed("the posts of some days", for: "the calendar")
    package var posts: @Sendable (any Queryable, CalendarRange) throws -> [PlannedEntry]
    /// Returns the e-mail campaigns of some days.
    @ModuleNeed("the email campaigns of some days", for: "the calendar")
    package var emails: @Sendable (any Queryable, CalendarRange) throws -> [PlannedEntry]
    /// Returns the milestones of campaigns on some days.
    @ModuleNeed("the milestones of campaigns", for: "the calendar")
    package var milestones: @Sendable (any Queryable, CalendarRange) throws -> [PlannedEntry]
    /// Returns live talks of accounts on some days.
    @ModuleNeed("the live talks of some days", for: "the calendar")
    package var spaces: @Sendable (any Queryable, CalendarRange) throws -> [PlannedEntry]
    /// Returns the queues of the accounts that posts are planned for.
    @ModuleNeed("the queues of accounts", for: "the calendar")
    package var queues: @Sendable (any Queryable) throws -> [PlannedQueue]

    package init() {}
}

/// The days that a calendar is read for, and what of them.
package struct CalendarRange: Sendable {
    package let first: CivilDate, last: CivilDate
    /// The begin of the first day, and the end of the last, where the agency is.
    package let begin: Instant, end: Instant
    package var client: ClientID?
    package var campaign: CampaignID?
    package var network: String?

    /// The most entries of one kind that are read.
    package static let entriesMax = 10_000

    var isFiltered: Bool { client != nil || campaign != nil || network != nil }
}

/// Something that is planned for a day, or for a moment.
package struct PlannedEntry: Sendable {
    package enum Kind: String, CaseIterable, Sendable { case post, item, email, milestone, space }

    package var kind: Kind
    package var id: UntypedID
    /// The day where it has no moment; the day of its moment otherwise.
    package var date: CivilDate?
    package var at: Instant?
    package var title: String
    package var status: String
    package var client: ClientID?
    package var campaign: CampaignID?
    package var network: String?
    /// The account that says it, or the segment that gets it: two in one lane at one moment are in each other's way.
    package var lane: UntypedID?
    /// The words, where the same ones said twice in one lane are too many.
    package var text: String?
    /// Whether it is still to come about: what has failed or was cancelled is in nobody's way.
    package var isOpen = true
    /// The version of the record, which whoever moves it names; `nil` where there is none.
    package var version: Int?
    /// Whether it may be planned for another day: what has left stays where it is.
    package var moves = false

    package init<Subject>(_ kind: Kind, id: ID<Subject>, title: String, status: String) {
        (self.kind, self.id, self.title, self.status) = (kind, id.untyped, title, status)
    }
}

/// The slots of an account, week by week, for which posts are planned.
package struct PlannedQueue: Sendable {
    package let account: SocialAccountID
    /// The name of the time zone that the slots are in; `nil`: the agency's.
    package let zone: String?
    /// 1 is Monday.
    package let slots: [(weekday: Int, minuteOfDay: Int)]
    package var client: ClientID?
    package var network: String?

    package init(account: SocialAccountID, zone: String?, slots: [(weekday: Int, minuteOfDay: Int)]) {
        (self.account, self.zone, self.slots) = (account, zone, slots)
    }
}
