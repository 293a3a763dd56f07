import Synchronization

/// A server of IMAP that answers each command as a test says: lines without ends, the last of them without tag where
/// it begins with OK, NO or BAD. It signs everybody in and opens every folder, but for what `admits` and `answer` say.
package final class IMAPStandIn: Sendable {
    package struct Settings: Sendable {
        package var greeting = "* OK ready"
        package var abilities = "IMAP4rev1 AUTH=PLAIN SASL-IR"
        /// The user who is signed in by XOAUTH2; then nobody is in any other way.
        package var admits: (@Sendable (_ user: String, _ token: String) -> Bool)?
        /// `nil` is the usual answer; an empty list the end of the connection.
        package var answer: @Sendable (_ command: String, _ conversation: Conversation) throws -> [String]? =
            { _, _ in
                nil
            }
        package init() {}
    }

    private let settings: Settings
    private let commandsState = Mutex<[String]>([])
    private let server = Mutex<StandIn?>(nil)

    package init(_ change: (inout Settings) -> Void) throws {
        var settings = Settings()
        change(&settings)
        self.settings = settings
        let server = try StandIn { [self] in try converse($0) }
        self.server.withLock { $0 = server }
    }

    package var url: String { "imap://127.0.0.1:\(server.withLock { $0?.port ?? 0 })" }
    /// The commands without tags.
    package var commands: [String] { commandsState.withLock { $0 } }

    private func converse(_ conversation: Conversation) throws {
        try conversation.send("\(settings.greeting)\r\n")
        var isSignedIn = settings.admits == nil
        while let line = try conversation.readLine() {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return }
            let (tag, command) = (parts[0], String(parts[1]))
            commandsState.withLock { $0.append(command) }
            if let admits = settings.admits {
                if command.hasPrefix("AUTHENTICATE XOAUTH2") {
                    isSignedIn = try isKnown(command, admits, conversation)
                    let end = isSignedIn ? "OK welcome" : "NO [AUTHENTICATIONFAILED] who are you"
                    try conversation.send("\(tag) \(end)\r\n")
                    continue
                }
                guard isSignedIn || ["CAPABILITY", "LOGOUT"].contains(command) else {
                    try conversation.send("\(tag) NO sign in first\r\n")
                    continue
                }
            }
            let usual =
                switch command.split(separator: " ")[0] {
                case "CAPABILITY": ["* CAPABILITY \(settings.abilities)", "OK done"]
                case "SELECT", "EXAMINE":
                    ["* 1 EXISTS", "* OK [UIDVALIDITY 7] numbers", "OK [READ-WRITE] done"]
                default: ["OK done"]
                }
            let lines = try settings.answer(command, conversation) ?? usual
            if lines.isEmpty { return }
            for line in lines {
                let isEnd = ["OK", "NO", "BAD"].contains { line.hasPrefix($0) }
                try conversation.send("\(isEnd ? "\(tag) " : "")\(line)\r\n")
            }
        }
    }

    private func isKnown(
        _ command: String, _ admits: (_ user: String, _ token: String) -> Bool, _ conversation: Conversation
    ) throws -> Bool {
        let words = command.split(separator: " ")
        var said = words.count > 2 ? String(words[2]) : nil
        if said == nil {
            try conversation.send("+ \r\n")
            said = try conversation.readLine()
        }
        if let bearer = said.flatMap({ BearerSignIn($0) }), admits(bearer.user, bearer.token) { return true }
        try conversation.send("+ \(BearerSignIn.refusal)\r\n")
        _ = try conversation.readLine()
        return false
    }
}
