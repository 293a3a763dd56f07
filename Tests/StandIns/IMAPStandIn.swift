import Synchronization

/// A server of IMAP that answers each command as a test says: lines without ends, the last of them without tag where
/// it begins with OK, NO or BAD. It signs everybody in and opens every folder, but for what `answer` says.
package final class IMAPStandIn: Sendable {
    package struct Settings: Sendable {
        package var greeting = "* OK ready"
        package var abilities = "IMAP4rev1 AUTH=PLAIN SASL-IR"
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
    /// Without tags.
    package var commands: [String] { commandsState.withLock { $0 } }

    private func converse(_ conversation: Conversation) throws {
        try conversation.send("\(settings.greeting)\r\n")
        while let line = try conversation.readLine() {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2 else { return }
            let (tag, command) = (parts[0], String(parts[1]))
            commandsState.withLock { $0.append(command) }
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
}
