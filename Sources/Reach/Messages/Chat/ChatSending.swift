package import Agents
package import Integrations
package import JSON
internal import Lexicons
package import Nouns
package import People
internal import Records
package import Telemetry
package import Tenancy

/// A connector that hands short messages to a service which brings them to somebody's telephone.
package protocol ChatSending: IntegrationProvider {
    var channel: Channel { get }
    /// The longest text that it takes, as `length` counts.
    var textMax: Int { get }
    /// Returns the length of a text as the service counts it, and the unit in words, such as `characters`.
    func length(of text: String) -> (count: Int, unit: String)
    /// Returns the number of messages as which the service counts and charges a text; `nil`: a text is one, however
    /// long it is.
    func segments(of text: String) -> Int?
    /// Returns whether an address is one that the service's account with these settings can write to: some
    /// give each account names of its own for the same people.
    func reaches(_ address: String, through settings: JSONObject) -> Bool
    /// Whether it can be asked for a message that was sent.
    var findsMessages: Bool { get }
    /// Returns whether a message, whose sending was cut off, had been accepted. How the service answered is
    /// noted on `access.reach`.
    func find(_ message: SentChat, _ access: IntegrationAccess) async -> SendLookup
    /// Messages that may be on their way at once over one integration.
    var lanesMax: Int { get }
    /// One attempt, whose outcome is cut by what can be done about it.
    func send(
        _ message: OutgoingChat, _ access: IntegrationAccess, _ permit: Permit
    ) async -> SendOutcome
    /// A file that came with a message.
    func fetch(_ media: ChatMedia, _ access: IntegrationAccess) async -> FetchedMedia
    /// Which files it takes; `nil`: none.
    var files: ChatFiles? { get }
    /// Whether it can show that we type.
    var showsTyping: Bool { get }
    /// Whether it tells what people are called, and what somebody is; `nil` where that is not known now.
    var tellsNames: Bool { get }
    func name(of address: String, _ access: IntegrationAccess) async -> String?
    /// Answers why it could not, if so.
    func showTyping(to address: String, _ access: IntegrationAccess) async -> ToolFailure?
}

extension ChatSending {
    package var textMax: Int { 4096 }
    package func length(of text: String) -> (count: Int, unit: String) { (text.count, "characters") }
    package func segments(of text: String) -> Int? { nil }
    package func reaches(_ address: String, through settings: JSONObject) -> Bool { true }
    package var findsMessages: Bool { false }
    package func find(_ message: SentChat, _ access: IntegrationAccess) async -> SendLookup { .unclear }
    package var lanesMax: Int { 8 }
    package var files: ChatFiles? { nil }
    package var showsTyping: Bool { false }
    package var tellsNames: Bool { false }
    package func name(of address: String, _ access: IntegrationAccess) async -> String? { nil }
    package func showTyping(to address: String, _ access: IntegrationAccess) async -> ToolFailure? { nil }
    package func fetch(_ media: ChatMedia, _ access: IntegrationAccess) async -> FetchedMedia {
        .gone(detail: "\(title) does not deliver files.")
    }
}

/// A short message on its way.
package struct OutgoingChat: Sendable {
    /// A text that the service has approved beforehand.
    package struct Template: Sendable {
        package let name: String, language: String
        /// Values for its places, as the service takes them.
        package let components: JSON
        /// Whether a file heads it, which goes with the message.
        package let isHeadedByFile: Bool

        package init(
            name: String, language: String, components: JSON = [], isHeadedByFile: Bool = false
        ) {
            (self.name, self.language, self.components) = (name, language, components)
            self.isHeadedByFile = isHeadedByFile
        }
    }

    /// Our own name of it, which the service should give back with what it tells of it.
    package let messageID: MessageID
    package let address: String
    package let text: String
    package let template: Template?
    package let file: OutgoingFile?
    /// Whether a person says it after the time in which the service takes the words of programs, too.
    package let isLate: Bool
    /// The service's name of the comment that it answers; `nil`: the recipient alone reads it.
    package let comment: String?

    package init(
        messageID: MessageID, address: String, text: String, template: Template? = nil,
        file: OutgoingFile? = nil, isLate: Bool = false, comment: String? = nil
    ) {
        (self.messageID, self.address, self.isLate) = (messageID, address, isLate)
        self.comment = comment
        (self.text, self.template, self.file) = (text, template, file)
    }
}

/// A short message as its service may know it.
package struct SentChat: Sendable {
    package let messageID: MessageID
    package let recipient: String, text: String
    /// The time at which it was handed over.
    package let at: Instant
    /// The service's names of other messages to the same person: none of them is this one.
    package let others: Set<String>

    package init(messageID: MessageID, recipient: String, text: String, at: Instant, others: Set<String>) {
        (self.messageID, self.recipient, self.text) = (messageID, recipient, text)
        (self.at, self.others) = (at, others)
    }
}

/// A connector whose hooks bring short messages, or tell what became of ours.
package protocol ChatHooks: IntegrationProvider {
    /// Returns the events that a receipt contains. Throws `MailHookFailure`.
    func read(_ receipt: HookReceipt, _ access: IntegrationAccess) throws -> [ChatHookEvent]
}

package enum ChatHookEvent: Sendable {
    case received(ReceivedChat)
    /// A person of the agency has written, from the service's own app.
    case echo(ReceivedChat)
    case delivery(DeliveryEvent)
    /// All that we have sent to somebody until a moment has arrived, or was read.
    case seen(ReceivedChat, DeliveryEvent.Kind, until: Instant)
    /// Somebody of the agency has pressed a button, or given a command, in the staff's chat.
    case pressed(StaffPress)
    /// The service lets us in no more.
    case gone(code: String, detail: String)
    /// They have come by an advertisement, and have said nothing yet.
    case opened(ReceivedChat)
    /// They let us write no more, or again.
    case blocked(Channel, address: String)
    case unblocked(Channel, address: String)
    /// They have shown that a phone number is theirs.
    case phone(ReceivedChat, number: String)
}

/// A short message as it came in.
package struct ReceivedChat: Sendable {
    package var channel: Channel
    /// The sender's address on the channel: a phone number in E.164, a chat's id.
    package var address: String
    /// Other names of the same person there.
    package var aliases: [String] = []
    /// The sender's phone number in E.164, where the channel vouches for it.
    package var phone: String?
    package var name: String?
    package var text: String
    /// The service's identifier of the message.
    package var providerID: String?
    package var inReplyTo: String?
    /// The email address that a visitor typed.
    package var claimedEmail: String?
    package var integration: IntegrationID?
    package var media: [ChatMedia] = []
    package var isAutomatic = false
    /// The time at which it was said, as the service tells it: what it brings may come late.
    package var at: Instant?
    /// The time for which the service then takes what we write, where that is not what it usually is.
    package var freeFor: Duration?
    /// Our own name of it, in an echo of what we have sent.
    package var ownID: MessageID?
    /// The sender's wish about further messages, where the service tells it.
    package var wish: ChatWish?
    /// Files that are kept already, by their ids.
    package var attachments: [ID<StoredFile>] = []

    package init(_ channel: Channel, from address: some Key, _ text: String) {
        (self.channel, self.address, self.text) = (channel, address.keyText, text)
    }
}

/// Words by which somebody wants to hear no more, or again, and which are a message by themselves.
enum OptOutKeywords {
    private static let lexicon = Lexicon("opt-out", in: ResourceTable.texts)
    private static let out = Set(lexicon.phrases("out")), back = Set(lexicon.phrases("back"))
    /// Further words that let text messages come again, as carriers have them; elsewhere they answer questions.
    private static let backByText = Set(lexicon.phrases("back-sms"))

    static func wish(in text: String, over channel: Channel) -> ChatWish? {
        let word = text.trimmed.lowercased().trimmingPunctuation
        if out.contains(word) { return .out }
        return back.contains(word) || channel == .sms && backByText.contains(word) ? .back : nil
    }
}

/// A wish to hear no more over a channel, or again.
package enum ChatWish: Sendable { case out, back }

extension String {
    fileprivate var trimmingPunctuation: String {
        var text = Substring(self)
        while let last = text.last, ".!\"'".contains(last) { text.removeLast() }
        while let first = text.first, "\"'".contains(first) { text.removeFirst() }
        return String(text).trimmed
    }
}
