internal import JSON
internal import Nouns
internal import Records
internal import Tenancy

struct EscalateBody: Declared {
    var reason = ""
    static let schema = Schema<EscalateBody>(
        "TicketEscalate",
        [
            .text(
                "reason", \.reason, max: 1000, .required, .example("legal"),
                .about("Why the ticket is escalated."))
        ])
}

struct ResolveBody: Declared {
    var resolution = ""
    static let schema = Schema<ResolveBody>(
        "TicketResolve",
        [.text("resolution", \.resolution, max: 10_000, .required, .about("How the ticket was resolved."))])
}

struct AssignBody: Declared {
    var userID: UserID?
    var teamID: TeamID?
    static let schema = Schema<AssignBody>(
        "TicketAssign",
        [
            .id(
                "user_id", \.userID, of: .colleague,
                .about("The user who works on the ticket; null: nobody does.")),
            .id("team_id", \.teamID, .about("The team that is to work on the ticket.")),
        ])
}

struct MergeBody: Declared {
    var into = TicketID.unset
    static let schema = Schema<MergeBody>(
        "TicketMerge", [.id("into", \.into, .required, .about("The ticket that goes on."))])
}

struct LinkBody: Declared {
    var ticketID = TicketID.unset
    static let schema = Schema<LinkBody>(
        "TicketLink",
        [.id("ticket_id", \.ticketID, .required, .about("The ticket that is related to it."))])
}

struct WatcherBody: Declared {
    var userID: UserID?
    static let schema = Schema<WatcherBody>(
        "TicketWatcher",
        [
            .id(
                "user_id", \.userID, of: .colleague,
                .about("The user who is to watch the ticket; whoever asks, by default."))
        ])
}

struct SplitBody: Declared {
    var messageID: ID<TicketMessage>?
    var messageIDs: [ID<TicketMessage>] = []
    var subject = ""
    static let schema = Schema<SplitBody>(
        "TicketSplit",
        [
            .id(
                "message_id", \.messageID,
                .about("The message that the new ticket is about, where it is one.")),
            .ids(
                "message_ids", \.messageIDs, max: 50,
                .about("The messages that the new ticket is about; the first of them becomes its text.")),
            .text("subject", \.subject, max: 300, .required, .about("The subject of the new ticket.")),
        ])
}
